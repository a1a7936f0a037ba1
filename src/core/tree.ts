/** Nested records of leaves (parameters, gradients), addressed by dotted paths. */

export type Tree<Leaf> = { [key: string]: Leaf | Tree<Leaf> };

/** Leaves in insertion order, each with its path, e.g. `encoder.layer.0.weight`. */
export function flattenTree<Leaf>(tree: Tree<Leaf>, isLeaf: (node: unknown) => node is Leaf): [path: string, leaf: Leaf][] {
  const out: [string, Leaf][] = [];
  const visit = (node: Tree<Leaf>, prefix: string): void => {
    for (const [key, child] of Object.entries(node)) {
      if (isLeaf(child)) out.push([prefix + key, child]);
      else visit(child as Tree<Leaf>, `${prefix}${key}.`);
    }
  };
  visit(tree, '');
  return out;
}

/** The inverse of {@link flattenTree}. */
export function unflattenTree<Leaf>(entries: Iterable<readonly [path: string, leaf: Leaf]>): Tree<Leaf> {
  const root: Tree<Leaf> = {};
  for (const [path, leaf] of entries) {
    const keys = path.split('.');
    let node = root;
    for (const key of keys.slice(0, -1)) node = (node[key] ??= {}) as Tree<Leaf>;
    node[keys.at(-1)!] = leaf;
  }
  return root;
}
