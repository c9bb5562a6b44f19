/**
 * What is wrong in a configuration (設定の誤り), in Japanese: our own words, which are English where a service logs
 * them. Those of the schema library are Japanese by its own setting.
 */
import type { Fault } from './result.ts';

const WORDS: Readonly<Record<string, string>> = {
  'is not JSON': 'JSONとして読めません',
  'must be an object': '{ } で囲んだ項目の集まりにしてください',
  'terminal id must be 1 to 40 of a-z, 0-9 and -':
    '端末の名前は、a-z・0-9・- の40文字までです（- では始められません）',
  'site id (現場ID) must be 14 digits': '現場IDは14桁の数字です',
  'must be an Ed25519 public key: 32 bytes in base64':
    'Ed25519 の公開鍵（32バイトの base64）を書いてください',
  'must be certificateFile: what is renewed is replaced as one file':
    'certificateFile と同じファイルにしてください（更新のとき、1つのファイルとして入れ替えます）',
  'must be what `genba pin` prints': 'genba pin が表示した値を書いてください',
  'a camera that names nobody cannot make a touch: mode must be evidence':
    'だれかを示さないカメラでは、タッチになりません。mode を evidence にしてください',
  'must be a host name or an IP address': 'ホスト名かIPアドレスを書いてください',
  'must be HH:MM': '時刻を 02:00 のように書いてください',
  'must be https': 'https で始めてください',
  'must be https, or http on loopback':
    'https で始めてください（http は、この機械の中に送るときだけです）',
  'must not be shorter than headersMs': 'headersMs より短くはできません',
  'certificateFile and keyFile go together':
    'certificateFile と keyFile は、両方書くか両方省きます',
  'user and passwordFile go together': 'user と passwordFile は、両方書くか両方省きます',
  'none is for a server on this machine (127.0.0.1, ::1, localhost) only':
    'none は、この機械の中のサーバ（127.0.0.1・::1・localhost）にだけ使えます',
  'plain MQTT is for loopback only: set tls':
    '暗号化しない MQTT は、この機械の中だけです。tls を true にしてください',
  'plain MQTT is for loopback only: use mqtts':
    '暗号化しない MQTT は、この機械の中だけです。mqtts で始めてください',
  'needs the section trust': 'trust の設定が要ります',
  'mqtts needs the section trust': 'mqtts には trust の設定が要ります',
  'needs either a field or a constant': 'field か constant の、どちらか一方が要ります',
  'are for fields that hold codes': 'codes は、コードの項目にだけ書けます',
};

/** Messages that name something: what a group of the pattern holds stands at `$1` there. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/^is not JSON: (.*)$/s, 'JSONとして読めません（$1）'],
  [/^(\S+) stands here twice$/, '$1 が2回書いてあります'],
  [/^is (\S+)'s line$/, '$1 と同じ線です'],
  [/^is no field of (\S+); there are (.+)$/, '$1 にない項目です（あるのは $2）'],
  [/^must be (admin, .+) or (\S+)$/, '$1, $2 のどれかを書いてください'],
];

const wordsOf = (message: string): string => {
  if (Object.hasOwn(WORDS, message)) return WORDS[message] ?? message;
  const [pattern, words] = PATTERNS.find(([each]) => each.test(message)) ?? [];
  return pattern === undefined || words === undefined ? message : message.replace(pattern, words);
};

/** For commands; a message that is none of ours stays as it is. */
export const configFaultsJa = (faults: readonly Fault[]): readonly Fault[] =>
  faults.map(({ place, message }) => ({
    place: place === '' ? '全体' : place,
    message: wordsOf(message),
  }));
