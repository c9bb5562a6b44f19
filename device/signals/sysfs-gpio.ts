/**
 * GPIO through /sys/class/gpio, as onoff does it.
 *
 * onoff wants the kernel's own number of a line. Since 6.6 those begin at 512 and before that nowhere in
 * particular, so the number is counted from the base of the chip that bears the label.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CLASS = '/sys/class/gpio';

export const isSysfsGpioThere = (): boolean => existsSync(join(CLASS, 'export'));

/** Loaded only when it is used: a native package that a machine without GPIO need not have. */
export const loadOnoff = async () => {
  const { Gpio } = await import('onoff');
  return Gpio;
};

/** Number of the chip's first line; throws where there is no such chip. */
export const baseOfChip = (label: string): number => {
  const read = (chip: string, name: string): string =>
    readFileSync(join(CLASS, chip, name), 'utf8').trim();
  const chips = readdirSync(CLASS).filter((name) => /^gpiochip\d+$/.test(name));
  const chip = chips.find((each) => read(each, 'label') === label);
  if (chip === undefined) {
    const labels = chips.map((each) => read(each, 'label')).join(', ');
    throw new Error(`no GPIO chip ${label} in sysfs; there are: ${labels || 'none'}`);
  }
  return Number(read(chip, 'base'));
};

export const valueFileOf = (gpioNumber: number): string =>
  join(CLASS, `gpio${gpioNumber}`, 'value');
