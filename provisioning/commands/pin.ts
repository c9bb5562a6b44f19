/** `genba pin` (暗証番号): the value that the configuration takes for a manager's PIN. */
import { hashPin, Pin } from '../../device/manager/pin.ts';
import { type Command, DONE, refused } from './command.ts';

export const pin: Command = {
  usage: `genba pin
      管理者の暗証番号を入力し、設定ファイル用の値を表示します`,
  run: async (_parameters, { say, askSecret }) => {
    // From a pipe too, so that a provisioning script need not type it.
    const typed = await askSecret('暗証番号（4〜12桁）: ');
    if (!Pin.safeParse(typed).success) return refused('暗証番号は4〜12桁の数字です');
    say(await hashPin(typed ?? ''));
    return DONE;
  },
};
