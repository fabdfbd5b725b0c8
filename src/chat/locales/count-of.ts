// A number and what it counts: “1 alert”, “1,204 alerts”.
export const countOf = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
