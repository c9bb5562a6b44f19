/** What the machine with the chip tells over its console, one JSON a line behind a mark. */
export const MARK = '@chip ';

export type ChipMessage =
  | { readonly kind: 'press-button' }
  /** `passed`, or what went wrong. */
  | {
      readonly kind: 'case';
      readonly rig: string;
      readonly name: string;
      readonly outcome: string;
    };
