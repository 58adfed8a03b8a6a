// [{kind, parameters, balances, given, way}, ...], raw integers as texts → what
// @balancer-labs/balancer-maths pays of the other coin, without a fee.
import { readFileSync } from "node:fs";
import { Gyro2CLP, GyroECLP, Stable, SwapKind, Weighted } from "@balancer-labs/balancer-maths";

const POOLS = { stable: Stable, weighted: Weighted, "2-clp": Gyro2CLP, "e-clp": GyroECLP };
const whole = (given) =>
  Array.isArray(given) ? given.map(BigInt) : BigInt(given);
const answer = JSON.parse(readFileSync(0, "utf8")).map((asked) => {
  const parameters = Object.fromEntries(
    Object.entries(asked.parameters).map(([name, given]) => [name, whole(given)]),
  );
  const [indexIn, indexOut] = asked.way;
  const paid = new POOLS[asked.kind](parameters).onSwap({
    swapKind: SwapKind.GivenIn,
    amountGivenScaled18: BigInt(asked.given),
    balancesLiveScaled18: whole(asked.balances),
    indexIn,
    indexOut,
  });
  return paid.toString();
});
process.stdout.write(JSON.stringify(answer));
