/** The command-line tools of libgpiod, versions 1 and 2: what is there, and how each wants to be called. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface GpiodTools {
  readonly version: 1 | 2;
  /** Name of the chip that bears the label; version 2 no longer takes the label itself. */
  readonly chip: string;
}

/** `gpiochip0 [9030000.pl061] (8 lines)` */
const CHIP = /^(gpiochip\d+) \[(.*)\] \(\d+ lines\)$/;

/** Throws where the tools or the chip are not there. */
export const findGpiodTools = async (label: string): Promise<GpiodTools> => {
  const [{ stdout: about }, { stdout: list }] = await Promise.all([
    run('gpioset', ['--version']),
    run('gpiodetect'),
  ]);
  const version = /\(libgpiod\) v(\d+)\./.exec(about)?.[1];
  if (version !== '1' && version !== '2') {
    throw new Error(`gpioset is of no version that is known: ${about.split('\n')[0]}`);
  }
  const chips = list.split('\n').flatMap((line) => {
    const [, name, chipLabel] = CHIP.exec(line) ?? [];
    return name === undefined ? [] : [{ name, label: chipLabel }];
  });
  const chip = chips.find((each) => each.label === label);
  if (chip === undefined) {
    const labels = chips.map((each) => each.label).join(', ');
    throw new Error(`gpiodetect knows no GPIO chip ${label}; there are: ${labels || 'none'}`);
  }
  return { version: version === '1' ? 1 : 2, chip: chip.name };
};

/** Sets and keeps until it is ended; `LINE=LEVEL` follows. */
export const holdCommand = ({ version, chip }: GpiodTools): readonly string[] =>
  version === 1 ? ['gpioset', '--mode=signal', chip] : ['gpioset', '--chip', chip];

/** Sets and ends; any number of `LINE=LEVEL` follow. */
export const setCommand = ({ version, chip }: GpiodTools): readonly string[] =>
  version === 1 ? ['gpioset', chip] : ['gpioset', '--chip', chip, '--toggle', '0'];

export type Edge = 'rising' | 'falling' | 'both';

/** Prints one line an edge: 1 rising, anything else falling. */
export const watchCommand = (
  { version, chip }: GpiodTools,
  line: number,
  edge: Edge,
): readonly string[] => {
  if (version === 2)
    return ['gpiomon', '--chip', chip, '--edges', edge, '--format', '%e', `${line}`];
  const only = edge === 'both' ? [] : [`--${edge}-edge`];
  return ['gpiomon', '--line-buffered', ...only, '--format=%e', chip, `${line}`];
};
