#!/usr/bin/env node
/**
 * `replay`: recomputes a report from a registry and taps, with no server. How an auditor checks us.
 *
 * The same functions as the server, from documents on disk to one JSON document on stdout.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SiteId } from '../shared/ids.ts';
import { type Fault, faultLines, faultsOf, type Result } from '../shared/result.ts';
import { dateInJapan, IsoInstant, isValidOn, Month, utcMs } from '../shared/time.ts';
import { attendanceOfTouches } from './attendance-of-touches.ts';
import { parseRegistryDocument } from './parse-registry.ts';
import { parsePlainTaps, touchOfPlainTap } from './plain-taps.ts';
import { indexRegistry } from './registry.ts';
import { REPORTS, reportNamed } from './reports/catalogue.ts';

const EXIT_WRONG_INPUT = 2;
const USAGE = `usage: npm run replay -- --registry R.json --taps T.ndjson --report NAME
         [--site ID] [--month YYYY-MM] [--as-of INSTANT]
reports: ${REPORTS.map(({ name }) => name).join(', ')}`;

const refuse = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(EXIT_WRONG_INPUT);
};

const readArguments = () => {
  try {
    const { values } = parseArgs({
      options: {
        registry: { type: 'string' },
        taps: { type: 'string' },
        report: { type: 'string' },
        site: { type: 'string' },
        month: { type: 'string' },
        'as-of': { type: 'string' },
      },
    });
    return values;
  } catch (cause) {
    return refuse(`${cause instanceof Error ? cause.message : cause}\n${USAGE}`);
  }
};

const arguments_ = readArguments();
const report = reportNamed(arguments_.report ?? '');
const site = SiteId.optional().safeParse(arguments_.site);
const month = Month.optional().safeParse(arguments_.month);
const asOf = IsoInstant.optional().safeParse(arguments_['as-of']);

const argumentFaults: readonly Fault[] = [
  ...(arguments_.registry === undefined ? [{ place: '--registry', message: 'is missing' }] : []),
  ...(arguments_.taps === undefined ? [{ place: '--taps', message: 'is missing' }] : []),
  ...(report === undefined
    ? [
        {
          place: '--report',
          message:
            arguments_.report === undefined ? 'is missing' : `${arguments_.report} is not a report`,
        },
      ]
    : []),
  ...(site.success ? [] : faultsOf(site.error.issues, '--site')),
  ...(month.success ? [] : faultsOf(month.error.issues, '--month')),
  ...(asOf.success ? [] : faultsOf(asOf.error.issues, '--as-of')),
];

const readDocument = <Value>(
  file: string,
  parse: (text: string) => Result<Value>,
): Result<Value> => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    return {
      ok: false,
      faults: [{ place: file, message: cause instanceof Error ? cause.message : 'cannot be read' }],
    };
  }
  const parsed = parse(text);
  return parsed.ok
    ? parsed
    : {
        ok: false,
        faults: parsed.faults.map(({ place, message }) => ({
          place: `${file} ${place}`.trim(),
          message,
        })),
      };
};

const parseRegistryText = (text: string) => {
  try {
    return parseRegistryDocument(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch (cause) {
    const message = `is not JSON: ${cause instanceof Error ? cause.message : ''}`;
    return { ok: false as const, faults: [{ place: '', message }] };
  }
};

if (
  argumentFaults.length > 0 ||
  report === undefined ||
  arguments_.registry === undefined ||
  arguments_.taps === undefined
) {
  refuse(`${faultLines(argumentFaults)}\n${USAGE}`);
} else {
  const registry = readDocument(arguments_.registry, parseRegistryText);
  const taps = readDocument(arguments_.taps, parsePlainTaps);
  const faults = [registry, taps].flatMap((document) => (document.ok ? [] : document.faults));
  if (!registry.ok || !taps.ok) refuse(faultLines(faults));
  else {
    const index = indexRegistry(registry.value);
    const days = attendanceOfTouches(
      taps.value.map((tap) => touchOfPlainTap(index, tap)),
      index,
    );
    const now = (asOf.success ? asOf.data : undefined) ?? utcMs(Date.now());
    const filter = { siteId: site.data, month: month.data };
    const span = report.needs(filter);
    const document = report.make({
      registry: registry.value,
      index,
      days: days.filter(({ workDate }) => isValidOn(span, workDate)),
      filter,
      asOf: dateInJapan(now),
      now,
    });
    process.stdout.write(`${JSON.stringify(document, undefined, 2)}
`);
  }
}
