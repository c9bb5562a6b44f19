/** `genba self-test` (設置試験): tries each part for real, and prints a sheet of what passed. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createSystemClock } from '../../device/clock.ts';
import { newFileHindranceJa } from '../../shared/needed-file.ts';
import { faultLines } from '../../shared/result.ts';
import {
  checkCertificate,
  checkClock,
  checkDisk,
  checkJournal,
  checkSigningKey,
} from '../self-test/machine-checks.ts';
import { checkBroker, checkNetwork } from '../self-test/network-checks.ts';
import { checkCameras, checkSignals } from '../self-test/outside-checks.ts';
import { checkReaders } from '../self-test/reader-checks.ts';
import {
  type Check,
  checkLines,
  isPassed,
  type Sheet,
  sheetJson,
  verdictOf,
} from '../self-test/sheet.ts';
import { sheetHtml } from '../self-test/sheet-html.ts';
import { type Command, type CommandDeps, DONE, refused } from './command.ts';
import { askTerminal, DEFAULT_CONFIG, readTerminalConfig } from './terminal-config.ts';

const CARD_WAIT_SECONDS = 30;

const OPTIONS = {
  config: { type: 'string', default: DEFAULT_CONFIG },
  json: { type: 'boolean', default: false },
  html: { type: 'string' },
  'no-card': { type: 'boolean', default: false },
  wait: { type: 'string', default: String(CARD_WAIT_SECONDS) },
} as const;

/** 1 to 600 seconds. */
const secondsOf = (text: string): number | undefined =>
  /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 600 ? Number(text) : undefined;

const confirmWith =
  ({ ask, isInteractive }: CommandDeps) =>
  async (question: string): Promise<boolean | undefined> =>
    isInteractive ? /^(y|yes|はい)$/i.test((await ask(`${question}（y/n）: `)) ?? '') : undefined;

export const selfTest: Command = {
  usage: `genba self-test [--json] [--html ファイル] [--no-card] [--wait 秒] [--config ファイル]
      各部を実際に試し、合格・不合格の表を出します（--html は印刷用）。端末の動作中も使えます`,
  run: async (parameters, deps) => {
    const { values } = parseArgs({ args: [...parameters], options: OPTIONS });
    const seconds = secondsOf(values.wait);
    if (seconds === undefined) return refused('--wait は1〜600の秒数です');
    const hindrance = values.html === undefined ? undefined : newFileHindranceJa(values.html);
    if (hindrance !== undefined) return refused(hindrance);
    const parsed = readTerminalConfig(values.config);
    if (!parsed.ok) return refused(`${values.config}:\n${faultLines(parsed.faults)}`);
    const config = parsed.value;

    // What one is asked to do meanwhile must not stand in a document for programs.
    const prompt = values.json ? () => undefined : deps.say;
    const clock = createSystemClock(config.clockTrust);
    const uptimeMs = () => clock.read().uptimeMs;
    const running = await askTerminal(config);
    prompt(
      running === undefined
        ? '端末は止まっています。すべて自分で試します'
        : '端末が動いています。かざしたカードは、その端末にも記録されます',
    );
    const checks: Check[] = [];
    const note = (...done: readonly Check[]): void => {
      checks.push(...done);
      if (!values.json)
        for (const check of done) for (const line of checkLines(check)) deps.say(line);
    };
    const plan = { waitMs: values['no-card'] ? 0 : seconds * 1_000, say: prompt, uptimeMs };
    note(...(await checkReaders(config, running, plan)));
    note(
      await checkSignals(config, running, { uptimeMs, say: prompt, confirm: confirmWith(deps) }),
    );
    note(...(await checkCameras(config, running, { uptimeMs })));
    note(checkDisk(config), checkJournal(config), checkSigningKey(config));
    note(await checkClock(config, new Date(clock.read().wallMs)));
    note(await checkNetwork(config));
    note(checkCertificate(config, new Date(clock.read().wallMs)));
    note(await checkBroker(config, running));

    const sheet: Sheet = {
      terminalId: config.terminalId,
      siteId: config.siteId,
      at: clock.read().wallMs,
      version: deps.version,
      wasRunning: running !== undefined,
      checks,
    };
    if (values.html !== undefined) writeFileSync(values.html, sheetHtml(sheet));
    if (values.json) deps.say(sheetJson(sheet));
    else deps.say(`総合判定 ${verdictOf(sheet)}`);
    return isPassed(sheet) ? DONE : { kind: 'not-good' };
  },
};
