/** Ports of which one call fails: before its work is done, or after it, when only the answer is lost. */
export type Fault = { readonly call: number; readonly when: 'before' | 'after' };

export type Faults = {
  readonly wrap: <Given extends readonly unknown[], Answer, Failure>(
    name: string,
    port: (...given: Given) => Promise<Answer>,
    failure: Failure,
  ) => (...given: Given) => Promise<Answer | Failure>;
  /** The ports called, in order. */
  readonly calls: readonly string[];
};

/** @param afterEach is told of each moment: after the work of every call */
export function createFaults(fault: Fault | undefined, afterEach: (name: string) => void = () => {}): Faults {
  const calls: string[] = [];

  return {
    wrap:
      (name, port, failure) =>
      async (...given) => {
        calls.push(name);
        const isFaulty = calls.length === fault?.call;
        if (isFaulty && fault?.when === 'before') return failure;

        const answer = await port(...given);
        afterEach(name);
        return isFaulty ? failure : answer;
      },
    calls,
  };
}

/** Every fault that a run of so many calls can have. */
export function faultsOf(calls: number): readonly Fault[] {
  return Array.from({ length: calls }, (_, index) => index + 1).flatMap((call) => [
    { call, when: 'before' as const },
    { call, when: 'after' as const },
  ]);
}
