/**
 * Words that carry no content in a question. Dropped from what is searched for, never from what is indexed, so that
 * phrases keep them. English words as `keywordTerms` emits them (lower case, without what follows an apostrophe);
 * Chinese function words as the character pairs and single characters they appear as.
 */
const english = `a about above after again all also am an and any are aren as at be because been before being below
between both but by can cannot could couldn d did didn do does doesn doing don down during each few for from further
get give had hadn has hasn have haven having he her here hers herself him himself his how i if in into is isn it its
itself just ll m me more most mustn my myself no nor not of off on once only or other our ours ourselves out over own
please re s same shall shan she should shouldn so some such t tell than that the their theirs them themselves then
there these they this those through to too under until up us ve very was wasn we were weren what when where which while
who whom whose why will with won would wouldn you your yours yourself yourselves`

const chinese = `的 了 吗 呢 吧 啊 呀 是 在 和 与 及 或 就 都 也 而 被 把 对 我 你 他 她 它 这 那 有 请
什么 么是 是什 怎么 么样 怎样 如何 哪些 哪个 哪里 为什 为何 多少 是否 有没 没有 请问 一下 可以 我们 你们 他们 这个 那个
这些 那些 以及 或者 还是 就是 但是 因为 所以 如果 关于 的是`

/** Terms that {@link queryTerms} leaves out where anything else remains. */
export const stopWords: ReadonlySet<string> = new Set(`${english} ${chinese}`.split(/\s+/))
