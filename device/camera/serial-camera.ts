/** A face camera on a serial line (顔認証カメラ・シリアル), by the line protocol of `serial-frame.ts`. */
import { openSerialDevice } from '../serial-device.ts';
import type { SerialOptions } from '../serial-line.ts';
import type { FaceEvent } from './face-desk.ts';

export interface Camera {
  readonly close: () => Promise<void>;
}

export const serialCamera = (
  options: SerialOptions & { readonly camera: string },
  uptimeMs: () => number,
  emit: (event: FaceEvent) => void,
): Camera => {
  const { camera } = options;
  return openSerialDevice(options, uptimeMs, {
    onOpen: () => emit({ kind: 'camera-attached', camera }),
    onClose: (reason) => emit({ kind: 'camera-detached', camera, reason }),
    onFault: (reason) => emit({ kind: 'camera-faulty', camera, reason }),
    onMessage: (message) => {
      if (message.word !== 'FACE') return false;
      const { workerId, score } = message;
      emit({ kind: 'face-matched', camera, workerId, score });
      return true;
    },
  });
};
