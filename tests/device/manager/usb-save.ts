/** A program of its own, in whose mount namespace a stick is mounted: saves a file there, and says what came of it. */
import { readdirSync } from 'node:fs';
import { saveToUsbStick } from '../../../device/manager/usb-stick.ts';

const [, , folder = '', bytes = ''] = process.argv;
const outcome = await saveToUsbStick(folder, 'muster.csv', 'x'.repeat(Number(bytes)));
process.stdout.write(JSON.stringify({ ...outcome, files: readdirSync(folder) }));
