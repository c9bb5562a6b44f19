export interface Facts {
  readonly nodeVersion: string;
  readonly pinnedNode: string;
  readonly hasPinnedNode: boolean;
  readonly pinnedNodePackage: string | undefined;
  readonly areModulesCurrent: boolean;
  readonly isDebian: boolean;
  readonly missingPackages: readonly string[];
  readonly isRoot: boolean;
  readonly isInteractive: boolean;
  readonly hasSudo: boolean;
}
export type Step =
  | { readonly kind: 'fetch-node' }
  | {
      readonly kind: 'install-packages';
      readonly packages: readonly string[];
      readonly through: 'root' | 'sudo' | 'ask-then-sudo';
    }
  | { readonly kind: 'install-modules' }
  | { readonly kind: 'say'; readonly line: string };
export const PACKAGES: Readonly<
  Record<string, { readonly why: string; readonly names: readonly string[] }>
>;
export const NEEDS: Readonly<Record<string, readonly string[]>>;
export const isNodeGood: (version: string, pinned: string) => boolean;
export const planSetup: (facts: Facts) => readonly Step[];
