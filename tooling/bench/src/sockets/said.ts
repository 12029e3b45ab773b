/** What is said in the benchmark, as a person of a Chinese group would. */
export const text =
  '今天下午三点的会改到四点，地点不变，麻烦大家转告一下没有看群的同学；资料我已经放到群文件里了 https://example.com/minutes?id=20260101&from=group'
