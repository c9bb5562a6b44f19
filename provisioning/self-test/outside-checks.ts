/**
 * Self-test of what hangs on wires (表示灯・ブザー・カメラ): tried through the terminal's own adapters where it does
 * not run, and by its word where it does, because wires and lines have one owner.
 */

import type { FaceEvent } from '../../device/camera/face-desk.ts';
import { gpioCamera } from '../../device/camera/gpio-camera.ts';
import { type Camera, serialCamera } from '../../device/camera/serial-camera.ts';
import type { TerminalConfig } from '../../device/config.ts';
import type { Tone } from '../../device/feedback.ts';
import { waysToWatch } from '../../device/signals/gpio-input.ts';
import { LINE_NAMES, PATTERN_BY_TONE } from '../../device/signals/patterns.ts';
import { startSignals } from '../../device/signals/signals.ts';
import type { StatusReport } from '../../device/status-report.ts';
import type { UptimeMs } from '../../shared/time.ts';
import { type Check, fail, leftOut, pass } from './sheet.ts';
import { watch } from './watch.ts';

/** Opening the wires takes a process or two; until then nothing is heard of a fault either. */
const SETTLE_MS = 2_000;
const CAMERA_WAIT_MS = 10_000;
/** Between two signals, so that they are told apart. */
const PAUSE_MS = 700;
/** Every lamp, and the buzzer in each. */
const TONES: readonly Tone[] = ['in', 'warned', 'held'];

export interface OutsideDeps {
  readonly uptimeMs: () => UptimeMs;
  readonly say: (line: string) => void;
  /** Whether somebody saw and heard it; undefined where nobody is there to ask. */
  readonly confirm: (question: string) => Promise<boolean | undefined>;
}

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const lengthOf = (tone: Tone): number => PATTERN_BY_TONE[tone].reduce((sum, { ms }) => sum + ms, 0);

const adviceFor = (reason: string): string =>
  /busy/i.test(reason)
    ? '別のプログラムが配線を使っています。止めてからもう一度試してください'
    : 'GPIOの配線と、設定の signals（chip・line）を確かめてください';

export const checkSignals = async (
  { signals: config }: TerminalConfig,
  running: StatusReport | undefined,
  { uptimeMs, say, confirm }: OutsideDeps,
): Promise<Check> => {
  const part = 'ランプ・ブザー';
  const wired = LINE_NAMES.filter((name) => config.lines[name] !== undefined);
  if (config.adapter === 'none' || wired.length === 0) return leftOut(part, '配線のない設定です');
  if (running !== undefined) {
    const fault = running.state.faults.find((each) => each.part === 'signals');
    return fault === undefined
      ? pass(part, '動作中の端末が使っています（故障なし）')
      : fail(part, `動作中の端末が使えません（${fault.reason}）`, adviceFor(fault.reason));
  }
  let fault: string | undefined;
  const signals = startSignals(config, {
    now: uptimeMs,
    onFault: (each) => {
      fault = each?.reason;
    },
  });
  try {
    await wait(SETTLE_MS);
    say('緑・黄・赤のランプとブザーを順に試します。ゲートも開きます');
    for (const tone of TONES) {
      if (fault !== undefined) return fail(part, `使えません（${fault}）`, adviceFor(fault));
      signals.play(tone);
      await wait(lengthOf(tone) + PAUSE_MS);
    }
    if (fault !== undefined) return fail(part, `使えません（${fault}）`, adviceFor(fault));
  } finally {
    await signals.close();
  }
  const seen = await confirm('ランプが順に光り、ブザーが鳴りましたか');
  if (seen === false)
    return fail(
      part,
      '光らない、または鳴らないものがあります',
      '配線・電源と activeLow の設定を確かめてください',
    );
  return pass(
    part,
    seen === true ? '光り、鳴りました' : '配線を動かせました（目では確かめていません）',
  );
};

type CameraEvent = Extract<FaceEvent, { kind: 'camera-attached' | 'camera-detached' }>;

const tryCamera = async (
  camera: string,
  open: (emit: (event: FaceEvent) => void) => Camera,
): Promise<Check> => {
  const part = `カメラ ${camera}`;
  const events = watch(open);
  try {
    const first = await events.wait(
      (event): event is CameraEvent =>
        event.kind === 'camera-attached' || event.kind === 'camera-detached',
      CAMERA_WAIT_MS,
    );
    if (first?.kind === 'camera-attached') return pass(part, 'つながっています');
    const reason = first?.kind === 'camera-detached' ? first.reason : '応答がありません';
    return fail(
      part,
      `使えません（${reason}）`,
      'カメラの電源・配線と、設定の path・line を確かめてください',
    );
  } finally {
    await events.close();
  }
};

export const checkCameras = async (
  { cameras }: TerminalConfig,
  running: StatusReport | undefined,
  { uptimeMs }: Pick<OutsideDeps, 'uptimeMs'>,
): Promise<readonly Check[]> => {
  const all = [...cameras.serial, ...cameras.gpio];
  if (all.length === 0) return [leftOut('カメラ', 'カメラのない設定です')];
  if (running !== undefined)
    return all.map(({ camera }) => {
      const told = running.state.cameras.find((each) => each.camera === camera);
      return told?.isAttached === true
        ? pass(`カメラ ${camera}`, '動作中の端末が使っています')
        : fail(
            `カメラ ${camera}`,
            '動作中の端末から見えません',
            'カメラの電源・配線を確かめてください',
          );
    });
  const checks: Check[] = [];
  for (const line of cameras.serial)
    checks.push(await tryCamera(line.camera, (emit) => serialCamera(line, uptimeMs, emit)));
  for (const wire of cameras.gpio)
    checks.push(
      await tryCamera(wire.camera, (emit) =>
        gpioCamera({ ...wire, candidates: waysToWatch(wire) }, uptimeMs, emit),
      ),
    );
  return checks;
};
