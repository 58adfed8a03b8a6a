// [{root, rows: [[liquidity, lower, upper], ...]}, ...], √price in Q64.64 → what
// @orca-so/whirlpools-core pays for each row, in raw units of both tokens.
import { readFileSync } from "node:fs";
import { decreaseLiquidityQuote } from "@orca-so/whirlpools-core";

const answer = JSON.parse(readFileSync(0, "utf8")).map(({ root, rows }) =>
  rows.map(([liquidity, lower, upper]) => {
    const paid = decreaseLiquidityQuote(BigInt(liquidity), 0, BigInt(root), lower, upper);
    return [paid.tokenEstA.toString(), paid.tokenEstB.toString()];
  }),
);
process.stdout.write(JSON.stringify(answer));
