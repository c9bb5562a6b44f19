/**
 * Passwords (パスワード): kept as argon2id, refused where they are short or everybody's.
 *
 * Length and a list instead of rules about characters: NIST SP 800-63B-4 §3.1.1.2 and 内閣サイバーセキュリティセンター
 * 「インターネットの安全・安心ハンドブック」. Cost: OWASP Password Storage Cheat Sheet, argon2id with 19 MiB and two passes.
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const PASSWORD_CHARS_MIN = 12;
/** Hashing takes the same time for all of them; nobody types more. */
export const PASSWORD_CHARS_MAX = 256;

const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** The most used ones that are long enough, without their digits and marks at the end. */
const WORST = new Set(
  'password passwordpassword qwertyuiop qwertyuiopasdfghjkl asdfghjkl zxcvbnm iloveyou letmein welcome administrator adminadmin changeme passw0rd p@ssw0rd p@ssword genbatap genba-tap genba kensetsu dragon monkey sunshine princess football baseball superman trustno1 abcdefghijkl qazwsxedc 1qaz2wsx3edc'.split(
    ' ',
  ),
);
/** Rows of keys and figures, forwards. */
const ROWS = '01234567890123456789 abcdefghijklmnopqrstuvwxyz qwertyuiopasdfghjklzxcvbnm'.split(
  ' ',
);

/** The same text whatever keyboard it was typed on. */
const normal = (password: string): string => password.normalize('NFKC');

/** Why a new password is refused, in words of the API; undefined where it is taken. */
export const passwordFault = (password: string, accountName: string): string | undefined => {
  const text = normal(password);
  const length = [...text].length;
  if (length < PASSWORD_CHARS_MIN) return `must have ${PASSWORD_CHARS_MIN} characters or more`;
  if (length > PASSWORD_CHARS_MAX) return `must have ${PASSWORD_CHARS_MAX} characters at most`;
  const lower = text.toLowerCase();
  const core = lower.replace(/[^\p{L}@]*$/u, '').replace(/^[\d\W_]+/, '');
  const isRow = ROWS.some(
    (row) => row.includes(lower) || [...row].reverse().join('').includes(lower),
  );
  const isRepeated = /^(.{1,4})\1+.{0,3}$/u.test(lower);
  if (isRow || isRepeated || WORST.has(core) || WORST.has(lower))
    return 'is one that everybody tries first';
  if (accountName.length > 3 && lower.includes(accountName.toLowerCase()))
    return 'must not contain the name of the account';
  return undefined;
};

const derive = promisify(argon2);
const tagOf = (password: string, salt: Buffer, cost: typeof COST, tagLength: number) =>
  derive('argon2id', { message: normal(password), nonce: salt, ...cost, tagLength });

/** As a PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(SALT_BYTES);
  const tag = await tagOf(password, salt, COST, TAG_BYTES);
  return phcText(salt, tag);
};

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
const phcText = (salt: Buffer, tag: Buffer): string =>
  `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(tag)}`;

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
/** Of no password: so that a name that nobody has takes as long as one that somebody has. */
const NOBODYS = phcText(Buffer.alloc(SALT_BYTES), Buffer.alloc(TAG_BYTES));

/** `stored`: undefined where the account is not there or has no password. Throws on a corrupt store. */
export const isPassword = async (
  password: string,
  stored: string | undefined,
): Promise<boolean> => {
  const [, memory, passes, parallelism, salt = '', tag = ''] = PHC.exec(stored ?? NOBODYS) ?? [];
  if (salt === '') throw new Error('a stored password hash does not read');
  const expected = Buffer.from(tag, 'base64');
  const cost = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  } as typeof COST;
  const found = await tagOf(password, Buffer.from(salt, 'base64'), cost, expected.length);
  return timingSafeEqual(found, expected) && stored !== undefined;
};
