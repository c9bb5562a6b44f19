/** The configuration and the running service of the terminal on this machine. */
import { parseTerminalConfig, type TerminalConfig } from '../../device/config.ts';
import { StatusReport } from '../../device/status-report.ts';
import { configFaultsJa } from '../../shared/config-fault.ts';
import { fileFaultJa } from '../../shared/file-fault.ts';
import { readIfThere } from '../../shared/needed-file.ts';
import { faulty, type Result } from '../../shared/result.ts';

export const DEFAULT_CONFIG = '/etc/genba-tap/terminal.json';
const ANSWER_TIMEOUT_MS = 5_000;

/** Every fault at once, in Japanese, with its place in the file. */
export const readTerminalConfig = (file: string): Result<TerminalConfig> => {
  let text: string | undefined;
  try {
    text = readIfThere(file);
  } catch (cause) {
    const message = fileFaultJa(cause, file);
    if (message === undefined) throw cause;
    return faulty({ place: '設定ファイル', message });
  }
  if (text === undefined)
    return faulty({
      place: '設定ファイル',
      message: 'ありません（--config で指定するか、genba enrol で作ります）',
    });
  const parsed = parseTerminalConfig(text);
  return parsed.ok ? parsed : faulty(...configFaultsJa(parsed.faults));
};

export const kioskUrl = ({ kiosk }: Pick<TerminalConfig, 'kiosk'>): string =>
  `http://127.0.0.1:${kiosk.port}`;

/** What the running terminal says of itself; undefined where none answers. */
export const askTerminal = async (
  config: Pick<TerminalConfig, 'kiosk' | 'terminalId'>,
): Promise<StatusReport | undefined> => {
  try {
    const response = await fetch(`${kioskUrl(config)}/status`, {
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const report = StatusReport.safeParse(await response.json());
    // Another program, or another terminal, may have the port.
    return report.success && report.data.terminalId === config.terminalId ? report.data : undefined;
  } catch {
    return undefined;
  }
};
