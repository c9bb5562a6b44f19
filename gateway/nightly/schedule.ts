/** When the night's work begins (夜間処理の予定): node-cron, by the clock of Japan. */
import { schedule } from 'node-cron';

/** `at`: HH:MM. A moment that the machine slept through is made up for when it wakes. */
export const scheduleNightly = (at: string, run: () => void): { readonly stop: () => void } => {
  const [hours, minutes] = at.split(':').map(Number);
  const task = schedule(`${minutes} ${hours} * * *`, run, {
    timezone: 'Asia/Tokyo',
    suppressMissedWarning: true,
  });
  task.on('execution:missed', run);
  return { stop: () => void task.destroy() };
};
