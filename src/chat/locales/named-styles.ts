// Texts about alert styles: names that rules tell to.
import { bold, code, type Html, html, lines, short } from '../html.ts';

export const styleList = 'Styles';
export const rename = 'Rename';
export const add = 'Add a receiver';
export const copyFrom = 'Tell as another one does';
export const copied = 'It tells the same way now.';
export const howItTells = (title: string) => `How it tells · ${title}`;

export const styles = (all: { name: string; titles: string[] }[]): Html =>
  all.length === 0
    ? html`There is no style yet: a receiver that is added gets a name, and a name is a style.`
    : lines(
        html`A style is a name: a rule that names it tells everything that bears it, each as it is set.`,
        ...all.map(({ name, titles }) => html`• ${bold(short(name, 40))}: ${titles.join(', ')}`),
      );
export const styleHead = (name: string, rules: number): Html =>
  lines(
    html`${bold(short(name, 60))}`,
    rules === 0
      ? html`No rule tells here yet: write ${code(`to: [${name}]`)} in its file, or choose it by Edit.`
      : html`${rules === 1 ? '1 rule tells' : `${rules} rules tell`} here.`,
  );
export const bearer = (title: string): Html => html`${bold(title)}`;
export const askBearer = (name: string): Html =>
  html`Which one shall be called ${bold(short(name, 60))}, too? It keeps how it tells.`;
export const askCopy = (label: string, others: number): Html =>
  others === 0
    ? html`There is no other receiver here.`
    : html`As which one shall ${bold(short(label, 60))} tell? Hours, gathering and limits are taken over.`;
export const askName = (name: string, problem?: string): Html =>
  lines(
    problem !== undefined && html`${problem}`,
    html`What shall the style ${bold(short(name, 60))} be called? Everything that bears it gets the new name.`,
  );
export const renamed = (name: string, many: number): Html =>
  html`${many === 1 ? 'It is' : `All ${many} are`} called ${bold(short(name, 60))} now. Rules go on telling there.`;
