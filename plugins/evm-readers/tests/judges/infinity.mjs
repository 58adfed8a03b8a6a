// {answers: [{abi, data, answer}, ...], pools: [key, ...]} → by the ABIs of @pancakeswap/infinity-sdk:
// the function and the words of each by their names, the same bytes again, and the ids of the pools.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.cwd()}/`);
const sdk = require("@pancakeswap/infinity-sdk");
const viem = require("viem");

const words = (abi, value) =>
  abi.length === 1
    ? flat(abi[0], value)
    : abi.flatMap((each, at) => flat(each, value[at]));
const flat = (its, value) =>
  its.components === undefined
    ? [[its.name, `${value}`]]
    : its.components.flatMap((each) => flat(each, value[each.name]));

const { answers, pools } = JSON.parse(readFileSync(0, "utf8"));
const said = answers.map(({ abi: name, data, answer }) => {
  const abi = sdk[name];
  const { functionName, args = [] } = viem.decodeFunctionData({ abi, data });
  const fits = (each) => each.name === functionName && each.inputs.length === args.length;
  const own = abi.filter((each) => each.type === "function" && fits(each));
  const value = viem.decodeFunctionResult({ abi: own, functionName, data: answer });
  return {
    name: functionName,
    args: args.map(String),
    words: words(own[0].outputs, value),
    data: viem.encodeFunctionData({ abi: own, functionName, args }),
    answer: viem.encodeFunctionResult({ abi: own, functionName, result: value }),
  };
});
const ids = pools.map(([currency0, currency1, hooks, poolManager, fee, rest]) =>
  sdk.getPoolId({ currency0, currency1, hooks, poolManager, fee, parameters: rest }));
const events = viem.toEventSelector(
  sdk.BinPositionManagerAbi.find((each) => each.name === "TransferBatch"));
process.stdout.write(JSON.stringify({ said, ids, event: events }));
