/** What the MQTT library keeps for ever of what the terminal sends is as small as it is. */
import { PassThrough } from 'node:stream';
import mqttPacket from 'mqtt-packet';
import { expect, test } from 'vitest';
import '../../device/link-mqtt.ts';

test('of each length of a message it keeps a few bytes, and no piece of a pool', () => {
  const kept: number[] = [];
  for (let length = 200; length < 1_200; length += 1) {
    const stream = new PassThrough();
    const write = stream.write.bind(stream);
    stream.write = (chunk: unknown) => {
      // One to four bytes behind the first: the length of the message.
      if (Buffer.isBuffer(chunk) && chunk.length <= 4) kept.push(chunk.buffer.byteLength);
      return write(chunk);
    };
    mqttPacket.writeToStream(
      {
        cmd: 'publish',
        topic: 't',
        payload: Buffer.alloc(length),
        qos: 1,
        messageId: 1,
        dup: false,
        retain: false,
      },
      stream,
    );
  }
  expect(kept.length).toBeGreaterThanOrEqual(1_000);
  expect(kept.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(20_000);
});
