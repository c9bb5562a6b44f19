/**
 * `genba enrol` (登録): by a one-time code this machine becomes a terminal of a site.
 *
 * The keys are made here and stay here. Whoever answers is believed only when its authority is the one that
 * the code stands for; only then the secret leaves this machine.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { askForAuthority, sendClaim } from '../../device/gateway-port.ts';
import { makeTlsKey } from '../../shared/certificate-request.ts';
import { configFaultsJa } from '../../shared/config-fault.ts';
import { claimText, type Enrolment } from '../../shared/enrolment.ts';
import {
  type EnrolmentCode,
  type Fingerprint,
  fingerprintOf,
  markOf,
} from '../../shared/enrolment-code.ts';
import { readIfThere } from '../../shared/needed-file.ts';
import { type Fault, faultLines, faulty, ok, type Result } from '../../shared/result.ts';
import { restartUnit } from '../../shared/systemd-unit.ts';
import { type UtcMs, utcMs } from '../../shared/time.ts';
import { clockAdvice, type EnrolFailure, failureWords } from '../enrol/enrol-words.ts';
import {
  type BeforeEnrolment,
  enrolledConfig,
  readBeforeEnrolment,
} from '../enrol/enrolled-config.ts';
import {
  dataDirFor,
  finishEnrolment,
  homeOf,
  type StagedEnrolment,
  stageEnrolment,
  writeConfig,
  writeCredentials,
} from '../enrol/enrolment-files.ts';
import { readEnrolmentText, readGatewayAddress } from '../enrol/enrolment-text.ts';
import { makeNamesKey, NAMES_KEY_FILE } from '../enrol/names-key.ts';
import { type Command, type CommandDeps, type CommandEnd, DONE, refused } from './command.ts';
import { askTerminal, DEFAULT_CONFIG, readTerminalConfig } from './terminal-config.ts';

const DEFAULT_HOME = '/var/lib/genba-terminal';
const LINK_WAIT_MS = 30_000;
const LINK_ASK_MS = 500;

const OPTIONS = {
  gateway: { type: 'string' },
  config: { type: 'string', default: DEFAULT_CONFIG },
  data: { type: 'string', default: DEFAULT_HOME },
  replace: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

const CODE_WORDS: Readonly<Record<string, string>> = {
  code: '登録コードが正しくありません（20文字。打ち間違いを確かめてください）',
  gateway:
    '中継サーバのアドレスが正しくありません（例: gateway.example または gateway.example:8322）',
};
const inJapanese = (faults: readonly Fault[]): string =>
  faults.map(({ place, message }) => CODE_WORDS[place] ?? message).join('\n');

interface Wanted {
  readonly code: EnrolmentCode;
  readonly url: string;
}

/** From the parameters, else asked for; a scanner types the QR code's text. */
const readWanted = async (
  typed: string | undefined,
  gateway: string | undefined,
  { ask }: CommandDeps,
): Promise<Result<Wanted>> => {
  const text = typed ?? (await ask('登録コード（または QR コードの文字）: ')) ?? '';
  const read = readEnrolmentText(text);
  if (!read.ok) return read;
  const { code } = read.value;
  if (gateway === undefined && read.value.url !== undefined)
    return ok({ code, url: read.value.url });
  const address = readGatewayAddress(
    gateway ?? (await ask('中継サーバのアドレス（例 gateway.example）: ')) ?? '',
  );
  return address.ok ? ok({ code, url: address.value }) : address;
};

const readFingerprint = (authorityPem: string): Fingerprint | undefined => {
  try {
    return fingerprintOf(authorityPem);
  } catch {
    // There is no certificate in it.
    return undefined;
  }
};

const mayWrite = (path: string): boolean => {
  const existing = existsSync(path) ? path : dirname(path);
  try {
    accessSync(existing, constants.W_OK);
    return true;
  } catch {
    return !existsSync(existing) && existing !== path && mayWrite(existing);
  }
};

const readFileIfThere = (file: string): Result<string | undefined> => {
  try {
    return ok(readIfThere(file));
  } catch (cause) {
    return faulty({ place: file, message: cause instanceof Error ? cause.message : `${cause}` });
  }
};

interface Granted {
  readonly kind: 'granted';
  readonly enrolment: Enrolment;
  readonly keyPem: string;
  /** With the journal's key in it. */
  readonly folder: string;
  readonly gatewayClock: UtcMs | undefined;
}
interface NotGranted {
  readonly kind: 'not-granted';
  readonly failure: EnrolFailure;
  readonly gatewayClock: UtcMs | undefined;
}

/** Two questions: who are you, and, once that is proven, may I be enrolled. */
const claimAt = async (
  { url, code }: Wanted,
  stage: () => StagedEnrolment,
): Promise<Granted | NotGranted> => {
  const no = (failure: EnrolFailure, gatewayClock?: UtcMs): NotGranted => ({
    kind: 'not-granted',
    failure,
    gatewayClock,
  });
  const authority = await askForAuthority(url);
  if (authority.kind !== 'answered') return no(authority);
  const { gatewayClock } = authority;
  const { authorityPem } = authority.value;
  const fingerprint = readFingerprint(authorityPem);
  if (fingerprint === undefined || (await markOf(fingerprint)) !== code.mark)
    return no({ kind: 'not-the-gateway-of-the-code' });
  const { signer, folder } = stage();
  const { keyPem, requestPem } = await makeTlsKey('terminal');
  const claim = { secret: code.secret, requestPem, publicKey: signer.publicKey };
  const answer = await sendClaim(url, authorityPem, {
    ...claim,
    proof: signer.sign(claimText(claim)),
  });
  return answer.kind === 'answered'
    ? { kind: 'granted', enrolment: answer.value, keyPem, folder, gatewayClock }
    : no(answer, gatewayClock);
};

/** Whether the service came up and speaks with the gateway. */
const waitForLink = async (config: Parameters<typeof askTerminal>[0]): Promise<boolean> => {
  const until = process.hrtime.bigint() + BigInt(LINK_WAIT_MS) * 1_000_000n;
  while (process.hrtime.bigint() < until) {
    const report = await askTerminal(config);
    if (report?.isLinked) return true;
    await new Promise((done) => setTimeout(done, LINK_ASK_MS));
  }
  return false;
};

/** A word for programs, and how the command ends. */
interface Outcome {
  readonly outcome: string;
  readonly end: CommandEnd;
  readonly facts?: object;
}

interface Preparation {
  readonly file: string;
  readonly home: string;
  readonly before: BeforeEnrolment;
}

/** What is there before, and whether it may be replaced; nothing is changed yet. */
const prepare = ({
  config,
  data,
  replace,
}: {
  readonly config: string;
  readonly data: string;
  readonly replace: boolean;
}): Preparation | Outcome => {
  const file = resolve(config);
  const noRight = (what: string): Outcome => ({
    outcome: 'no-right',
    end: refused(`${what}。sudo を付けて実行してください`),
  });
  const text = readFileIfThere(file);
  if (!text.ok) return noRight(`${file} が読めません`);
  const before = readBeforeEnrolment(text.value);
  if (!before.ok)
    return {
      outcome: 'bad-settings',
      end: refused(`${file}:\n${faultLines(configFaultsJa(before.faults))}`),
      facts: { faults: before.faults },
    };
  const { enrolled } = before.value;
  if (enrolled !== undefined && !replace) {
    const { terminalId, siteId } = enrolled;
    const words = `この機械は端末 ${terminalId}（現場 ${siteId}）として登録済みです。別の登録に替えるには --replace を付けてください（今の証明書は使えなくなります）`;
    return { outcome: 'already-enrolled', end: refused(words), facts: { terminalId, siteId } };
  }
  const home = homeOf(enrolled, resolve(data));
  return [home, file].every(mayWrite)
    ? { file, home, before: before.value }
    : noRight('書き込めません');
};

/** Starts the service on what was written, where systemd runs it, and waits until it is linked. */
const startEnrolled = async (
  file: string,
  tell: (line: string) => void,
): Promise<Pick<Outcome, 'end' | 'facts'>> => {
  const restart =
    file === DEFAULT_CONFIG
      ? await restartUnit('genba-terminal.service')
      : ({ kind: 'not-by-systemd' } as const);
  if (restart.kind === 'not-by-systemd') {
    tell(`端末を起動してください（genba-terminal --config ${file}）`);
    return { end: DONE };
  }
  const config = readTerminalConfig(file);
  if (restart.kind === 'restarted' && config.ok && (await waitForLink(config.value))) {
    tell('端末が動き、中継サーバとつながりました。次は genba self-test');
    return { end: DONE, facts: { isLinked: true } };
  }
  const why =
    restart.kind === 'failed'
      ? `端末が起動しません（${restart.message}）。systemctl status genba-terminal`
      : '端末は動いていますが、中継サーバとまだつながりません。genba self-test で確かめてください';
  return {
    end: { kind: 'not-good', message: `登録は済みました。${why}` },
    facts: { isLinked: false },
  };
};

/** By systemd's credentials where it is systemd's service; elsewhere the terminal has a key of its own. */
const namesKeyFor = async (
  file: string,
): Promise<{ readonly place: { readonly namesKeyFile?: string }; readonly advice?: string }> => {
  if (file !== DEFAULT_CONFIG) return { place: {} };
  const made = await makeNamesKey();
  switch (made.kind) {
    case 'by-tpm':
      return { place: { namesKeyFile: NAMES_KEY_FILE } };
    case 'by-host':
      return {
        place: { namesKeyFile: NAMES_KEY_FILE },
        advice:
          'この機械に TPM がないため、名簿の鍵も同じディスクにあります（盗難に注意してください）',
      };
    case 'not-by-systemd':
      return {
        place: {},
        advice: `systemd-creds が使えないため、名簿の鍵は端末のフォルダに置きます（${made.reason}）`,
      };
  }
};

const enrolAt = async (
  wanted: Wanted,
  { file, home, before }: Preparation,
  tell: (line: string) => void,
): Promise<Outcome> => {
  const { url } = wanted;
  tell(`${url} に登録しています`);
  const answer = await claimAt(wanted, () => stageEnrolment(home, before.enrolled));
  const now = utcMs(Date.now());
  const { gatewayClock } = answer;
  if (answer.kind === 'not-granted') {
    const { failure } = answer;
    const { end, message } = failureWords(failure, { url, now, gatewayClock });
    return {
      outcome: failure.kind === 'refused' ? failure.reason : failure.kind,
      end: { kind: end, message },
    };
  }
  const { enrolment, folder, keyPem } = answer;
  const { terminalId, siteId, brokerUrl, settings } = enrolment;
  const dataDir = dataDirFor(home, terminalId);
  writeCredentials(home, folder, { ...enrolment, keyPem });
  const namesKey = await namesKeyFor(file);
  const places = { url, dataDir, folder, ...namesKey.place };
  writeConfig(file, home, enrolledConfig(before.document, enrolment, places));
  finishEnrolment(home, folder);
  tell(`端末 ${terminalId}（現場 ${settings.siteName ?? siteId}）として登録しました`);
  if (dataDir !== home)
    tell(`前の端末の記録は ${home} に残してあります（genba rescue --data ${home}）`);
  for (const advice of [namesKey.advice, clockAdvice(now, gatewayClock)])
    if (advice !== undefined) tell(advice);
  const { end, facts } = await startEnrolled(file, tell);
  return { outcome: 'enrolled', end, facts: { terminalId, siteId, brokerUrl, ...facts } };
};

export const enrol: Command = {
  usage: `genba enrol [登録コード | QRコードの文字] [--gateway アドレス[:ポート]] [--replace] [--json]
              [--config ファイル] [--data フォルダ]
      この機械を現場の端末として登録します。登録済みの端末を別の登録に替えるときは --replace`,
  run: async (parameters, deps) => {
    const { values, positionals } = parseArgs({
      args: [...parameters],
      options: OPTIONS,
      allowPositionals: true,
    });
    if (positionals.length > 1)
      return refused('登録コードは1つです（間に空白を入れないでください）');
    const tell = (line: string): void => {
      if (!values.json) deps.say(line);
    };
    const perform = async (): Promise<Outcome> => {
      const preparation = prepare(values);
      if ('outcome' in preparation) return preparation;
      const wanted = await readWanted(positionals[0], values.gateway, deps);
      if (!wanted.ok)
        return {
          outcome: 'bad-code',
          end: refused(inJapanese(wanted.faults)),
          facts: { faults: wanted.faults },
        };
      return enrolAt(wanted.value, preparation, tell);
    };
    const { outcome, end, facts } = await perform();
    if (values.json) deps.say(JSON.stringify({ outcome, ...facts }));
    return end;
  },
};
