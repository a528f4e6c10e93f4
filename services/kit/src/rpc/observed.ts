import type { DescMethod } from "@bufbuild/protobuf";
import type { rpcServed } from "../telemetry/metrics.ts";

type Calls = typeof rpcServed;
type Observed = ReturnType<Calls["labels"]>;

/** A histogram's part for one method and outcome. Finding it by its labels costs more than the observation. */
export function byMethod(calls: Calls): (method: DescMethod, code: string) => Observed {
  const known = new WeakMap<DescMethod, Map<string, Observed>>();
  return (method, code) => {
    const codes = known.get(method) ?? new Map<string, Observed>();
    known.set(method, codes);
    let observed = codes.get(code);
    if (!observed) {
      observed = calls.labels({ rpc_service: method.parent.typeName, rpc_method: method.name, code });
      codes.set(code, observed);
    }
    return observed;
  };
}
