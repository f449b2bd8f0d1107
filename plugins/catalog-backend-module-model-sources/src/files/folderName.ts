/** Parts of addresses that stand between a repository and its files, with a branch behind them. */
const BRANCH_MARKS = ['blob', 'tree', 'raw', 'resolve', 'src', 'browse'];

/**
 * What the folder of a file is called: the repository, for one at its root. `https://github.com/acme/churn/blob/main/README.md`
 * is of `churn`.
 */
export function folderName(source: string): string {
  const path = source.replace(/^[a-z]+:\/\/[^/]*/, '').replace(/[?#].*$/, '');
  const folders = path.split(/[\\/]/).filter(Boolean).slice(0, -1);
  const last = folders.length - 1;
  const mark = BRANCH_MARKS.indexOf(folders[last - 1]) >= 0 ? last - 1 : -1;
  const isUrl = /^[a-z]+:\/\//.test(source);
  const names = isUrl && mark > 0 ? folders.slice(0, mark) : folders;
  const name = names.filter(each => each !== '-').at(-1) ?? 'model';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
