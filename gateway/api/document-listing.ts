/** What `GET /v1/documents` says of a document (帳票の一覧): its name, and what it must be told. */
import { z } from 'zod';
import type { DocumentKind } from '../documents/document-kind.ts';

export const DocumentListed = z.object({
  name: z.string(),
  titleJa: z.string(),
  parameters: z.array(
    z.object({
      name: z.string(),
      required: z.boolean(),
      takes: z.enum(['month', 'date', 'text']),
      /** Where only these are possible. */
      choices: z.array(z.string()).optional(),
    }),
  ),
});
export type DocumentListed = z.infer<typeof DocumentListed>;

/** What the parameter's own schema accepts: nothing is told twice. */
const takenBy = (schema: z.ZodType): 'month' | 'date' | 'text' => {
  const accepts = (text: string): boolean => schema.safeParse(text).success;
  if (accepts('2026-01') && !accepts('2026-13')) return 'month';
  return accepts('2026-01-31') && !accepts('2026-02-31') ? 'date' : 'text';
};

/** Also of what is no document and asked for in the same way. */
export const listed = ({
  name,
  titleJa,
  query,
}: Pick<DocumentKind, 'name' | 'titleJa' | 'query'>): DocumentListed => ({
  name,
  titleJa,
  parameters: Object.entries(query.shape).map(([parameter, schema]) => {
    // A shape's members are schemas, which its type does not say.
    const asked = schema as z.ZodType;
    const choices = z.toJSONSchema(asked, { io: 'input', unrepresentable: 'any' }).enum;
    return {
      name: parameter,
      required: !asked.safeParse(undefined).success,
      takes: takenBy(asked),
      ...(choices === undefined ? {} : { choices: choices.map(String) }),
    };
  }),
});
