// Pendle's own arithmetic: a trade of PT in so many equal steps, each priced at its end, no fee.
// It reads a list of markets as JSON, integers as texts of 18 decimals, and writes what is left.
const { MarketState, PyIndex, FixedX18 } = require("@pendle/core-v2-offchain-math");

const ONE = new PyIndex(FixedX18.ONE);

function traded(given) {
  const market = MarketState.fromRaw({
    totalPt: BigInt(given.total_pt),
    totalSy: BigInt(given.total_asset),
    totalLp: 10n ** 18n,
    treasury: "0x0000000000000000000000000000000000000000",
    scalarRoot: BigInt(given.scalar_root),
    expiry: BigInt(given.seconds),
    lnFeeRateRoot: 0n,
    reserveFeePercent: 0n,
    lastLnImpliedRate: BigInt(given.rate),
  });
  for (let step = 0; step < given.steps; step += 1) {
    market.executeTradeCore(ONE, BigInt(given.pt_out) / BigInt(given.steps), 0n);
  }
  const { totalPt, totalSy, lastLnImpliedRate } = market.toRaw();
  return [totalPt, totalSy, lastLnImpliedRate].map(String);
}

const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk));
process.stdin.on("end", () => {
  process.stdout.write(JSON.stringify(JSON.parse(Buffer.concat(chunks)).map(traded)));
});
