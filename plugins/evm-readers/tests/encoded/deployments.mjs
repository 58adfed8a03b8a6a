// What packages of the protocols say of chains and of where their contracts stand, as one document.
//
//   npm install --ignore-scripts viem@2.57.20 @uniswap/sdk-core@7.19.4 sushi@7.3.15 zod@4 \
//     @pancakeswap/v3-sdk@3.10.2 @pancakeswap/v2-sdk@1.2.2 @pancakeswap/infinity-sdk@1.0.11 \
//     @pancakeswap/sdk@5.9.2
//   node deployments.mjs > deployments.json

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.cwd(), "package.json"));
const load = (name) => import(pathToFileURL(require.resolve(name)));
const NAMES = [
  "viem", "@uniswap/sdk-core", "sushi", "@pancakeswap/v3-sdk", "@pancakeswap/v2-sdk",
  "@pancakeswap/infinity-sdk", "@pancakeswap/sdk",
];
const version = (name) =>
  JSON.parse(readFileSync(join(process.cwd(), "node_modules", name, "package.json"))).version;

const viem = await load("viem/chains");
const uniswap = require("@uniswap/sdk-core");
const sushi = await load("sushi/evm");
const cake = require("@pancakeswap/v3-sdk");
const cake2 = require("@pancakeswap/v2-sdk");
const cakeTokens = require("@pancakeswap/sdk");
const infinity = await load("@pancakeswap/infinity-sdk");

const chains = {};
const of = (id) => (chains[id] ??= { contracts: {}, wrapped: [], managers: {}, pairs: {} });
const lower = (address) => address?.toLowerCase();

for (const each of Object.values(viem)) {
  if (!each?.nativeCurrency) continue;
  const its = of(each.id);
  its.native = [each.nativeCurrency.symbol, each.nativeCurrency.decimals];
  const multicall = each.contracts?.multicall3?.address;
  if (multicall) its.contracts.multicall3 = lower(multicall);
}
for (const [id, each] of Object.entries(uniswap.CHAIN_TO_ADDRESSES_MAP)) {
  const manager = each.nonfungiblePositionManagerAddress;
  if (manager) of(id).managers["uniswap-v3"] = [lower(manager), lower(each.v3CoreFactoryAddress)];
  if (each.v4PositionManagerAddress)
    of(id).contracts["uniswap-v4"] = lower(each.v4PositionManagerAddress);
}
const pairs = (name, factories) => {
  for (const [id, each] of Object.entries(factories)) of(id).pairs[name] = lower(each);
};
pairs("Uniswap v2", uniswap.V2_FACTORY_ADDRESSES);
pairs("SushiSwap v2", sushi.SUSHISWAP_V2_FACTORY_ADDRESS);
pairs("PancakeSwap v2", cake2.FACTORY_ADDRESS_MAP);
const managers = (name, positions, factories) => {
  for (const [id, each] of Object.entries(positions))
    of(id).managers[name] = [lower(each), lower(factories[id])];
};
managers("sushiswap-v3", sushi.SUSHISWAP_V3_POSITION_MANAGER, sushi.SUSHISWAP_V3_FACTORY_ADDRESS);
managers("pancakeswap-v3", cake.NFT_POSITION_MANAGER_ADDRESSES, cake.FACTORY_ADDRESSES);
managers("pancake-infinity-cl", infinity.INFI_CL_POSITION_MANAGER_ADDRESSES,
  infinity.INFI_CL_POOL_MANAGER_ADDRESSES);
managers("pancake-infinity-bins", infinity.INFI_BIN_POSITION_MANAGER_ADDRESSES,
  infinity.INFI_BIN_POOL_MANAGER_ADDRESSES);
for (const [id, each] of Object.entries(uniswap.WETH9)) of(id).wrapped.push(lower(each.address));
for (const [id, each] of Object.entries(cakeTokens.WNATIVE)) of(id).wrapped.push(lower(each.address));
for (const [id, each] of Object.entries(sushi.WNATIVE_ADDRESS)) of(id).wrapped.push(lower(each));

const versions = Object.fromEntries(NAMES.map((name) => [name, version(name)]));
const rows = Object.entries(chains)
  .filter(([, { managers: its }]) => Object.keys(its).length)
  .map(([id, each]) => `${JSON.stringify(id)}: ${JSON.stringify(each)}`);
console.log(`{"versions": ${JSON.stringify(versions)},\n"chains": {\n${rows.join(",\n")}\n}}`);
