/** What meets the terminal from outside: serial lines, card answers, the reader host, its configuration. */
import { parseTerminalConfig } from '../../../device/config.ts';
import { readCardAnswer } from '../../../device/readers/card-id.ts';
import { HostMessage } from '../../../device/readers/pcsc-protocol.ts';
import {
  crc16,
  cutLines,
  decodeFrame,
  EMPTY_LINE,
  encodeAck,
  encodeMessage,
  encodeNak,
  FRAME_BYTES_MAX,
} from '../../../device/serial-frame.ts';
import { CardId, WorkerId } from '../../../shared/ids.ts';
import { gatewaySigner, SITE, TERMINAL } from '../../fixtures/identities.ts';
import { must, mustBeResult, type Target } from '../target.ts';

const cardId = CardId.parse('01140A261A2B0000');
const FRAMES = [
  encodeMessage({ word: 'CARD', seq: 17, cardId }),
  encodeMessage({ word: 'CARD', seq: 999_999, cardId: CardId.parse('04A1B2C3') }),
  encodeMessage({ word: 'FACE', seq: 0, workerId: WorkerId.parse('10260000000001'), score: 97 }),
  encodeAck(3),
  encodeNak(4, 'why'),
];

/** Right checksums on whatever stands in the frames. */
const withChecksums = (input: Buffer): Buffer =>
  Buffer.from(
    input
      .toString('latin1')
      .split('\n')
      .map((line) => {
        const body = /^\$(.*)\*/.exec(line)?.[1];
        return body === undefined
          ? line
          : `$${body}*${crc16(body).toString(16).toUpperCase().padStart(4, '0')}\r`;
      })
      .join('\n'),
    'latin1',
  );

const serialLine: Target = {
  name: 'serial-line',
  share: 24,
  open: () => ({
    samples: [...FRAMES, FRAMES.join(''), 'x'.repeat(300)].map((text) => Buffer.from(text)),
    words: ['$', '*', ',', '\r\n', 'CARD,', 'FACE,', ',100*', '*0000\r\n', '1000000'],
    seal: (input, random) => (random.chance(0.7) ? withChecksums(input) : input),
    run: (input, random) => {
      const text = input.toString('latin1');
      let buffer = EMPTY_LINE;
      const lines: string[] = [];
      for (let at = 0; at < text.length; ) {
        const size = 1 + random.below(80);
        const cut = cutLines(buffer, text.slice(at, at + size));
        buffer = cut.buffer;
        lines.push(...cut.lines);
        at += size;
        must(buffer.rest.length <= FRAME_BYTES_MAX + 1, 'a line that grows without end');
      }
      const lineEnds = text.split('\n').length - 1;
      must(
        // One that is too long is told before its end.
        lines.length === lineEnds + (buffer.isSkipping ? 1 : 0),
        'as many lines as line ends',
        lines.length,
      );
      for (const line of lines) {
        const decoded = decodeFrame(line);
        if (decoded.kind !== 'message') continue;
        const again = decodeFrame(encodeMessage(decoded.message).trimEnd());
        must(JSON.stringify(again) === JSON.stringify(decoded), 'the same message again', decoded);
      }
    },
  }),
};

const cardAnswer: Target = {
  name: 'card-answer',
  share: 24,
  open: () => ({
    samples: [
      '01140A261A2B00009000',
      '04A1B2C39000',
      '04A1B2C3D4E5F69000',
      '080102039000',
      '6300',
      '6A81',
      '90',
    ].map((hex) => Buffer.from(hex, 'hex')),
    words: ['\x90\x00', '\x08', 'c\0'],
    seal: (input, random) =>
      random.chance(0.5) ? Buffer.concat([input, Buffer.from([0x90, 0x00])]) : input,
    run: (input) => {
      const answer = readCardAnswer(input);
      if (answer.kind === 'refused') return must(answer.reason.length > 0, 'a reason');
      must(CardId.safeParse(answer.cardId).success, 'an id of a card', answer);
      const serial = input.subarray(0, -2);
      must(Buffer.from(answer.cardId, 'hex').equals(serial), 'the very serial', answer);
      must(!(serial.length === 4 && serial[0] === 0x08), 'no random serial', answer);
    },
  }),
};

const hostMessage: Target = {
  name: 'reader-host',
  share: 6,
  open: () => ({
    samples: [
      { kind: 'heartbeat' },
      { kind: 'reader-attached', reader: 'SONY FeliCa RC-S300 @usb-1-1.2' },
      { kind: 'card-presented', reader: 'r', cardId },
      { kind: 'read-failed', reader: 'r', reason: 'why' },
    ].map((message) => Buffer.from(JSON.stringify(message))),
    words: ['kind', 'reader', 'card-presented'],
    run: (input) => {
      let json: unknown;
      try {
        json = JSON.parse(input.toString());
      } catch {
        return;
      }
      const parsed = HostMessage.safeParse(json);
      if (parsed.success && parsed.data.kind === 'card-presented')
        must(CardId.safeParse(parsed.data.cardId).success, 'an id of a card', parsed.data);
    },
  }),
};

const config: Target = {
  name: 'terminal-config',
  share: 3,
  open: () => ({
    samples: [
      {
        terminalId: TERMINAL,
        siteId: SITE,
        dataDir: '/var/lib/genba',
        signingKeyFile: '/etc/genba/key.pem',
        gateway: { url: 'mqtts://gw.example.jp:8883', publicKey: gatewaySigner.publicKey },
        readers: { places: [{ match: 'PaSoRi', readerId: '入口', direction: 'in' }] },
        cameras: { mode: 'touch', serial: [{ path: '/dev/genba/camera-1', camera: 'C' }] },
        kiosk: { port: 8321, voice: true },
      },
    ].map((document) => Buffer.from(JSON.stringify(document))),
    words: ['terminalId', 'repeatWindowMs', 'mqtt://', 'always'],
    run: (input) => mustBeResult(parseTerminalConfig(input.toString())),
  }),
};

export const DEVICE_TARGETS: readonly Target[] = [serialLine, cardAnswer, hostMessage, config];
