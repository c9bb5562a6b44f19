/** The configuration's section `signals`: which wire of the machine is which lamp, buzzer or gate. */
import { z } from 'zod';
import { LINE_NAMES } from './patterns.ts';

const Wire = z.strictObject({
  line: z
    .int()
    .min(0)
    .max(511)
    .describe(
      'Offset of the line within the chip; on a Raspberry Pi the BCM number, not the pin of the header.',
    ),
  activeLow: z
    .boolean()
    .default(false)
    .describe('The part acts while the wire is low, as most relay boards do.'),
});

const Lines = z
  .strictObject({
    green: Wire.optional(),
    yellow: Wire.optional(),
    red: Wire.optional(),
    buzzer: Wire.optional(),
    relay: Wire.optional().describe('Gate contact: acts while people may pass.'),
  })
  .superRefine((lines, context) => {
    const nameByLine = new Map<number, string>();
    for (const name of LINE_NAMES) {
      const line = lines[name]?.line;
      if (line === undefined) continue;
      const other = nameByLine.get(line);
      if (other !== undefined)
        context.addIssue({ code: 'custom', path: [name, 'line'], message: `is ${other}'s line` });
      nameByLine.set(line, name);
    }
  });

export const SignalsConfig = z.strictObject({
  adapter: z
    .enum(['none', 'auto', 'onoff', 'gpiod'])
    .default('none')
    .describe(
      'What drives the wires. `none`: nothing is wired, the screen alone tells. `onoff`: sysfs. `gpiod`: the tools gpioset and gpiodetect of libgpiod 1 or 2. `auto`: onoff where the kernel has sysfs GPIO, else gpiod.',
    ),
  chip: z
    .string()
    .regex(/^[\x21-\x7e]{1,64}$/)
    .default('pinctrl-bcm2711')
    .describe(
      'Label of the GPIO chip as `gpiodetect` tells it: `pinctrl-bcm2711` on a Pi 4, `pinctrl-rp1` on a Pi 5.',
    ),
  lines: Lines.prefault({}).describe('What is wired; a name that is left out is not.'),
  relayOpenMs: z
    .int()
    .min(100)
    .max(60_000)
    .default(3_000)
    .describe('How long the gate is let open after a touch that may pass, milliseconds.'),
  opensWhenWarned: z
    .boolean()
    .default(false)
    .describe(
      'Lets the gate open also for a touch that is recorded with a warning, such as an unknown card.',
    ),
});
export type SignalsConfig = z.infer<typeof SignalsConfig>;
