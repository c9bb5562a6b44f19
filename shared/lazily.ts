/** What is worked out when somebody first asks for it, and once (要るときに一度だけ). */
export const lazily = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** The same of each that is asked for; those that `keyOf` names alike are one. */
export const onceEach = <Of, Value>(
  keyOf: (of: Of) => string,
  make: (of: Of) => Value,
): ((of: Of) => Value) => {
  const made = new Map<string, { readonly value: Value }>();
  return (of) => {
    const known = made.get(keyOf(of)) ?? { value: make(of) };
    made.set(keyOf(of), known);
    return known.value;
  };
};
