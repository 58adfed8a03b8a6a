// [{balances, rates, fee, supply, state, shares, swaps}, ...] → what @balancer-labs/balancer-maths says
// of each reCLAMM at its own time: the virtual balances, what the shares are paid, what swaps give.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.cwd()}/`);
const { ReClammV2, RemoveKind, SwapKind, Vault } = require("@balancer-labs/balancer-maths");
const NUMBERS = /^[0-9]+$/;
const whole = (_, value) => (NUMBERS.test(value) ? BigInt(value) : value);

const answer = JSON.parse(readFileSync(0, "utf8"), whole).map((each) => {
  const tokens = ["0xA", "0xB"];
  const pool = () => ({
    poolAddress: "0xP", poolType: "RECLAMM_V2", tokens, scalingFactors: each.scales,
    tokenRates: each.rates, balancesLiveScaled18: [...each.balances], swapFee: each.fee,
    aggregateSwapFee: 0n, totalSupply: each.supply, supportsUnbalancedLiquidity: false, ...each.state,
  });
  const vault = new Vault();
  const now = new ReClammV2(pool())._computeCurrentVirtualBalances(each.balances);
  const paid = vault.removeLiquidity({
    pool: "0xP", minAmountsOutRaw: [0n, 0n], maxBptAmountInRaw: each.shares, kind: RemoveKind.PROPORTIONAL,
  }, pool());
  const given = each.swaps.map(([way, amountRaw]) => vault.swap({
    amountRaw, tokenIn: tokens[way], tokenOut: tokens[1n - way], swapKind: SwapKind.GivenIn,
  }, pool()));
  return {
    virtual: [now.currentVirtualBalanceA, now.currentVirtualBalanceB], changed: now.changed,
    paid: paid.amountsOutRaw, given,
  };
});
process.stdout.write(JSON.stringify(answer, (_, value) => (typeof value === "bigint" ? `${value}` : value)));
