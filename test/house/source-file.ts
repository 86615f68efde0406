import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** What the rules of the house look at in one TypeScript file. */
export interface SourceFile {
  /** From the package's folder, with slashes: `src/film/reel.ts`. */
  readonly path: string;
  readonly imports: readonly Import[];
  /** What it uses of the machine without an import: `Date`, `Math.random`, `process`. */
  readonly ambient: readonly string[];
  /** Names that it declares and exports; what it only passes on is another file's. */
  readonly exports: readonly string[];
  /** Those of them that it uses itself, beyond declaring them. */
  readonly ownUses: ReadonlySet<string>;
}

export interface Import {
  /** `src/film/reel.ts` for a file, `node:fs` or `zod` for a module. */
  readonly of: string;
  readonly isFile: boolean;
  readonly isType: boolean;
  /** The names taken from it, as it exports them; `*` for all. */
  readonly names: readonly string[];
}

/** Clock, chance, network, process: every global through which a result could differ between two runs or machines. */
const AMBIENT = new Set(
  'Date performance process fetch crypto navigator globalThis console Worker WebSocket EventSource setTimeout setInterval setImmediate'.split(
    ' ',
  ),
);

/** AssemblyScript looks like TypeScript and is none: its imports and exports are the compiler's. */
const ASSEMBLY_SCRIPT = /^compute[\\/]cpu[\\/]wasm[\\/]/;

/** Reads and parses every `.ts` and `.tsx` file of `folder` ("src") and its folders, in the order of their paths. */
export async function sourceFiles(root: string, folder: string): Promise<readonly SourceFile[]> {
  const names = (await readdir(join(root, folder), { recursive: true }))
    .filter((name) => /\.tsx?$/.test(name) && !ASSEMBLY_SCRIPT.test(name))
    .sort();
  const paths = names.map((name) => posix.join(folder, ...name.split(/[\\/]/)));
  return Promise.all(paths.map(async (path) => sourceFile(path, await readFile(join(root, path), 'utf8'))));
}

/** What `text`, the content of the file at `path`, imports, uses and exports. */
export function sourceFile(path: string, text: string): SourceFile {
  const parsed = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const ambient = new Set<string>();
  const exports: string[] = [];
  const uses = new Map<string, number>();
  const visit = (node: ts.Node): void => {
    const from = importedBy(node);
    if (from) imports.push(importOf(path, from));
    if (ts.isIdentifier(node)) uses.set(node.text, (uses.get(node.text) ?? 0) + 1);
    const used = ambientOf(node);
    if (used) ambient.add(used);
    if (node.parent === parsed) exports.push(...exportedBy(node));
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  const ownUses = new Set(exports.filter((name) => (uses.get(name) ?? 0) > 1));
  return { path, imports, ambient: [...ambient], exports, ownUses };
}

type Named = Omit<Import, 'of' | 'isFile'> & { readonly from: string };

function importOf(path: string, { from, isType, names }: Named): Import {
  const isFile = from.startsWith('.');
  return { of: isFile ? posix.join(posix.dirname(path), from) : from, isFile, isType, names };
}

function importedBy(node: ts.Node): Named | null {
  if (ts.isImportDeclaration(node)) {
    const { importClause: clause } = node;
    return { from: textOf(node.moduleSpecifier), isType: isTypeOnly(clause), names: namesOf(clause?.namedBindings) };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return {
      from: textOf(node.moduleSpecifier),
      isType: node.isTypeOnly,
      names: node.exportClause ? namesOf(node.exportClause) : ['*'],
    };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const names = node.qualifier ? [node.qualifier.getText()] : ['*'];
    return { from: textOf(node.argument.literal), isType: true, names };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && node.arguments[0]) {
    return { from: textOf(node.arguments[0]), isType: false, names: ['*'] };
  }
  return null;
}

/** A bare import takes no name, and a star all of them. */
function namesOf(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): readonly string[] {
  if (!bindings) return [];
  const isList = ts.isNamedImports(bindings) || ts.isNamedExports(bindings);
  return isList ? bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text) : ['*'];
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return !clause.name && !!named && ts.isNamedImports(named) && named.elements.every((element) => element.isTypeOnly);
}

function textOf(node: ts.Node): string {
  return ts.isStringLiteralLike(node) ? node.text : node.getText();
}

function ambientOf(node: ts.Node): string | null {
  if (!ts.isIdentifier(node)) return null;
  const { parent, text } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return text === 'random' && parent.expression.getText() === 'Math' ? 'Math.random' : null;
  }
  // A type is erased, and a member or a key of that name is no global.
  const isName = 'name' in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent);
  return AMBIENT.has(text) && !isName && !ts.isTypeReferenceNode(parent) ? text : null;
}

function exportedBy(node: ts.Node): readonly string[] {
  if (ts.isExportDeclaration(node) && !node.moduleSpecifier && node.exportClause) {
    return ts.isNamedExports(node.exportClause) ? node.exportClause.elements.map(({ name }) => name.text) : [];
  }
  const isExported =
    ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
  if (!isExported) return [];
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.flatMap(({ name }) => boundBy(name));
  const { name } = node as ts.DeclarationStatement;
  return name ? [name.getText()] : [];
}

function boundBy(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundBy(element.name) : []));
}
