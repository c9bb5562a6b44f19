/** What we use of onoff: told here, because the package is optional and the types must not be. */
declare module 'onoff' {
  export class Gpio {
    /** `high` and `low` make it an output that stands there; levels of the wire, activeLow or not. */
    constructor(
      gpio: number,
      direction: 'in' | 'high' | 'low',
      options: { readonly activeLow: boolean },
    );
    constructor(
      gpio: number,
      direction: 'in',
      edge: 'rising' | 'falling' | 'both',
      options: { readonly activeLow: boolean },
    );
    readSync(): 0 | 1;
    writeSync(value: 0 | 1): void;
    watch(callback: (error: Error | null | undefined, value: 0 | 1) => void): void;
    unexport(): void;
  }
}
