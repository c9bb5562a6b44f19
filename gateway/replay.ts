#!/usr/bin/env node
/**
 * `replay`: recomputes a report with no server, from a registry and taps or from an export, and what was issued
 * from an export. How an auditor checks us.
 *
 * The same functions as the server, from documents on disk to one JSON document on stdout.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { SiteId } from '../shared/ids.ts';
import {
  type Fault,
  faultLines,
  faultsOf,
  faulty,
  ok,
  parseWrittenJson,
  type Result,
} from '../shared/result.ts';
import { isSystemError } from '../shared/system-error.ts';
import { tellUsageIfAsked } from '../shared/tell-usage.ts';
import { dateInJapan, IsoInstant, isValidOn, Month, utcMs } from '../shared/time.ts';
import { subjectKey } from './attendance/subject-key.ts';
import { EXIT_NOT_GOOD, EXIT_WRONG_INPUT } from './commands/command.ts';
import { basisOfExport, type ExportBasis } from './export/replay-export.ts';
import { type IssueReplay, replayStatements } from './export/replay-statements.ts';
import { parsePlainTaps } from './plain-taps.ts';
import { parseRegistryDocument, unknownTables } from './registry/parse-registry.ts';
import type { Registry } from './registry/registry-document.ts';
import { basisOfPlainTaps, type ReportBasis } from './report-basis.ts';
import { REPORTS, reportNamed } from './reports/catalogue.ts';
import type { DateSpan } from './reports/report.ts';
import { utf8Text } from './utf8-text.ts';
import { createWhyAsker } from './why/ask-why.ts';
import { DEPTH_MAX, keyPairs, parseRowKey, WhyDepth } from './why/row-key.ts';
import type { RowKey } from './why/why.ts';

const USAGE = `usage: npm run replay -- --registry R.json --taps T.ndjson --report NAME
         [--site ID] [--month YYYY-MM] [--as-of INSTANT]
         [--why 'FIELD=VALUE,…' [--list NAME] [--depth 0..${DEPTH_MAX}]]   why one row, told by its key, is what it
         is; NAME: of a list beside the report's own rows
       npm run replay -- --export FILE --report NAME …
       npm run replay -- --export FILE [--statement NUMBER] [--site ID] [--month YYYY-MM]
         every statement and amendment that was issued, or one, recomputed from the position that it rests on;
         ends with ${EXIT_NOT_GOOD} where a figure is not the one that was issued
reports: ${REPORTS.map(({ name }) => name).join(', ')}`;

/** Position in the chain of all that was issued. */
const IssueNo = z.coerce.number('must be the number of a statement').pipe(z.int().min(1));

const refuse = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(EXIT_WRONG_INPUT);
};

const readArguments = () => {
  try {
    const { values } = parseArgs({
      options: {
        export: { type: 'string' },
        registry: { type: 'string' },
        taps: { type: 'string' },
        report: { type: 'string' },
        site: { type: 'string' },
        month: { type: 'string' },
        'as-of': { type: 'string' },
        why: { type: 'string' },
        list: { type: 'string' },
        depth: { type: 'string' },
        statement: { type: 'string' },
      },
    });
    return values;
  } catch (cause) {
    return refuse(`${cause instanceof Error ? cause.message : cause}\n${USAGE}`);
  }
};

tellUsageIfAsked(process.argv.slice(2), USAGE);
const arguments_ = readArguments();
const report = reportNamed(arguments_.report ?? '');
const site = SiteId.optional().safeParse(arguments_.site);
const month = Month.optional().safeParse(arguments_.month);
const statement = IssueNo.optional().safeParse(arguments_.statement);
/** Of an export, and no report of it is asked for. */
const isOfStatements = arguments_.export !== undefined && arguments_.report === undefined;
const asOf = IsoInstant.optional().safeParse(arguments_['as-of']);

/** Either both documents, or an export that takes their place. */
const sourceFaults = (): readonly Fault[] =>
  (['registry', 'taps'] as const).flatMap((name) => {
    const isThere = arguments_[name] !== undefined;
    if (isThere !== (arguments_.export === undefined))
      return [
        { place: `--${name}`, message: isThere ? 'is no use beside --export' : 'is missing' },
      ];
    return [];
  });

const depth = WhyDepth.safeParse(arguments_.depth);
const key =
  arguments_.why === undefined || report === undefined
    ? undefined
    : parseRowKey(report, keyPairs(report, arguments_.why, arguments_.list), arguments_.list);

const argumentFaults: readonly Fault[] = [
  ...sourceFaults(),
  ...(report === undefined && !isOfStatements
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
  ...(depth.success ? [] : faultsOf(depth.error.issues, '--depth')),
  ...(statement.success ? [] : faultsOf(statement.error.issues, '--statement')),
  ...(arguments_.statement !== undefined && !isOfStatements
    ? [{ place: '--statement', message: 'is of use only with --export, and without --report' }]
    : []),
  ...(['as-of', 'why', 'depth'] as const).flatMap((name) =>
    isOfStatements && arguments_[name] !== undefined
      ? [{ place: `--${name}`, message: 'is no use without --report' }]
      : [],
  ),
  ...(arguments_.list !== undefined && arguments_.why === undefined
    ? [{ place: '--list', message: 'is no use without --why' }]
    : []),
  ...(key === undefined || key.ok
    ? []
    : key.faults.map(({ place, message }) => ({ place: `--why ${place}`, message }))),
];

const readDocument = <Value>(
  file: string,
  parse: (text: string) => Result<Value>,
): Result<Value> => {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    return {
      ok: false,
      faults: [{ place: file, message: cause instanceof Error ? cause.message : 'cannot be read' }],
    };
  }
  const text = utf8Text(bytes);
  const parsed = text.ok ? parse(text.value) : text;
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

const parseRegistryText = (text: string): Result<Registry> => {
  const json = parseWrittenJson(text);
  if (!json.ok) return json;
  const unknown = unknownTables(json.value);
  if (unknown.length > 0)
    process.stderr.write(`tables that there are not: ${unknown.join(', ')}\n`);
  return parseRegistryDocument(json.value);
};

const basisOfDocuments = (registryFile: string, tapsFile: string): Result<ReportBasis> => {
  const registry = readDocument(registryFile, parseRegistryText);
  const taps = readDocument(tapsFile, parsePlainTaps);
  if (!registry.ok || !taps.ok)
    return {
      ok: false,
      faults: [registry, taps].flatMap((document) => (document.ok ? [] : document.faults)),
    };
  return ok(basisOfPlainTaps(registry.value, taps.value));
};

/** A file that cannot be read is wrong input like any other. */
const fromExport = <Value>(file: string, read: (file: string) => Result<Value>): Result<Value> => {
  try {
    return read(file);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return faulty({ place: file, message: cause.message });
  }
};

const readBasis = (): Result<ReportBasis & Partial<Pick<ExportBasis, 'storedFaults'>>> => {
  const { registry = '', taps = '', export: exported } = arguments_;
  return exported === undefined
    ? basisOfDocuments(registry, taps)
    : fromExport(exported, basisOfExport);
};

/** What counts as it stands, though it would be refused today. */
const tellStored = (faults: readonly Fault[] = []): void => {
  if (faults.length > 0)
    process.stderr.write(
      `against rules that are newer, and counted as it stands:\n${faultLines(faults)}\n`,
    );
};

const print = (document: object): void => {
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
};

const printStatements = (file: string): void => {
  const asked = { statement: statement.data, siteId: site.data, month: month.data };
  const replays = fromExport(file, (name) => replayStatements(name, asked));
  if (!replays.ok) return refuse(faultLines(replays.faults));
  const { issues: statements, storedFaults } = replays.value;
  tellStored(storedFaults);
  const count = (result: IssueReplay['result']): number =>
    statements.filter((each) => each.result === result).length;
  const different = count('different');
  print({
    equal: count('equal'),
    different,
    notRecomputable: count('not-recomputable'),
    statements,
  });
  if (different > 0) process.exitCode = EXIT_NOT_GOOD;
};

if (argumentFaults.length > 0) refuse(`${faultLines(argumentFaults)}\n${USAGE}`);
else if (report === undefined) printStatements(arguments_.export ?? '');
else {
  const basis = readBasis();
  if (!basis.ok) refuse(faultLines(basis.faults));
  else {
    const { days, touches, told, storedFaults, ...rest } = basis.value;
    tellStored(storedFaults);
    const now = (asOf.success ? asOf.data : undefined) ?? utcMs(Date.now());
    const filter = { siteId: site.data, month: month.data };
    const source = { ...rest, asOf: dateInJapan(now), now };
    const within = (span: DateSpan) => days.filter(({ workDate }) => isValidOn(span, workDate));
    const whyOf = (row: RowKey) => {
      const asker = createWhyAsker({
        ...source,
        days: within,
        touchesOf: (siteId, subject) =>
          touches.filter(
            (touch) => touch.siteId === siteId && subjectKey(touch.subject) === subjectKey(subject),
          ),
        told,
      });
      const why = asker.why(report, row, filter, arguments_.list);
      return why === undefined
        ? refuse(`--why ${JSON.stringify(row)}: ${report.name} has no such row`)
        : asker.deepened(why, depth.success ? depth.data : 0);
    };
    const document =
      key?.ok === true
        ? whyOf(key.value)
        : report.make({ ...source, days: within(report.needs(filter)), filter });
    print(document);
  }
}
