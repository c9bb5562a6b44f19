/** The list of enrolments, on a real store. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { expect, test } from 'vitest';
import { enrolmentRoutes } from '../../../gateway/api/enrolment-routes.ts';
import { isoInJapan, utcMs } from '../../../shared/time.ts';
import { makeDevice, openEnrolmentDesk } from '../../fixtures/enrolment-desk.ts';

test('each names the end of its last certificate, and the certificates are read once for all', async () => {
  const desk = await openEnrolmentDesk();
  const first = await desk.enrol(await makeDevice());
  const second = await desk.enrol(await makeDevice());
  await desk.makeCode();
  let reads = 0;
  const app = new OpenAPIHono();
  enrolmentRoutes(
    app,
    {
      enrolment: {
        enrolments: desk.enrolments,
        certificates: () => {
          reads += 1;
          return desk.store.certificates();
        },
        url: () => 'https://gateway.example',
        isSite: () => true,
      },
      now: () => desk.clock.read().wallMs,
    },
    () => 'user:kanri',
  );
  const { enrolments } = await (await app.request('/v1/enrolments')).json();
  const endOf = ({ certificate }: typeof first) =>
    isoInJapan(utcMs(certificate.validToDate.getTime()));
  expect(enrolments).toMatchObject([
    { terminalId: first.terminalId, state: 'enrolled', certificateEnds: endOf(first) },
    { terminalId: second.terminalId, state: 'enrolled', certificateEnds: endOf(second) },
    { state: 'waiting' },
  ]);
  expect(reads).toBe(1);
  desk.close();
});
