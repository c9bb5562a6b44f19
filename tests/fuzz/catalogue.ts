/** Every parser that meets bytes from outside. */
// First of all: schemas that are made before it know nothing of OpenAPI.
import '../../gateway/api/server.ts';

import type { Target } from './target.ts';
import { DEVICE_TARGETS } from './targets/device.ts';
import { DOCUMENT_TARGETS } from './targets/documents.ts';
import { ENROLMENT_TARGETS } from './targets/enrolment.ts';
import { OFFICE_TARGETS } from './targets/offices.ts';
import { SERVICE_TARGETS } from './targets/services.ts';
import { SOCKET_TARGETS } from './targets/sockets.ts';
import { WIRE_TARGETS } from './targets/wire.ts';

export const TARGETS: readonly Target[] = [
  ...DEVICE_TARGETS,
  ...WIRE_TARGETS,
  ...DOCUMENT_TARGETS,
  ...ENROLMENT_TARGETS,
  ...OFFICE_TARGETS,
  ...SERVICE_TARGETS,
  ...SOCKET_TARGETS,
];
