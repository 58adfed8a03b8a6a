// [{root, low, top, liquidity}, ...], √prices in Q64.64 and liquidity in Q64 → what
// @meteora-ag/cp-amm-sdk pays for it, in raw units of both tokens.
import { readFileSync } from "node:fs";
import BN from "bn.js";
import damm from "@meteora-ag/cp-amm-sdk";

const answer = JSON.parse(readFileSync(0, "utf8")).map((asked) => {
  const [root, low, top, liquidity] = [asked.root, asked.low, asked.top, asked.liquidity].map(
    (each) => new BN(each),
  );
  const down = damm.Rounding.Down;
  return [
    damm.getAmountAFromLiquidityDelta(root, top, liquidity, down, 0).toString(),
    damm.getAmountBFromLiquidityDelta(low, root, liquidity, down, 0).toString(),
  ];
});
process.stdout.write(JSON.stringify(answer));
