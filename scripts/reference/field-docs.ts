/** What the comments above the fields of a zod schema say, by path, read with the TypeScript compiler. */
import ts from 'typescript';
import { packageFile } from '../../src/core/paths.js';

export interface SchemaSource {
  /** Path of the module in the repository. */
  file: string;
  /** Name under which it exports the schema. */
  name: string;
}

/** Path → comment on one line. Elements of a list are at `path[]`, values of a mapping with free keys at `path.*`. */
export type FieldDocs = ReadonlyMap<string, string>;

/** @throws plain error when a module or a schema in it is not there: this is a developer's tool */
export function readFieldDocs(sources: readonly SchemaSource[]): FieldDocs[] {
  const program = programOf(sources.map(({ file }) => packageFile(file)));
  const checker = program.getTypeChecker();
  return sources.map(({ file, name }) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(packageFile(file))!);
    const schema = module && checker.getExportsOfModule(module).find((symbol) => symbol.name === name);
    if (!schema) throw new Error(`${file}: exports no ${name}`);
    const docs = new Map<string, string>();
    collect(propertyType(checker, propertyType(checker, checker.getTypeOfSymbol(schema), '_zod'), 'input'), '', { checker, docs });
    return docs;
  });
}

function programOf(files: readonly string[]): ts.Program {
  const config = ts.getParsedCommandLineOfConfigFile(packageFile('tsconfig.json'), {}, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, ' '));
    },
  });
  return ts.createProgram([...files], config!.options);
}

interface Collection {
  checker: ts.TypeChecker;
  docs: Map<string, string>;
}

/** The type of what a schema takes is made from the schema's own object literals: its properties still know where they were written. */
function collect(type: ts.Type, path: string, collection: Collection): void {
  const { checker, docs } = collection;
  for (const member of membersOf(checker.getNonNullableType(type))) {
    if (!(member.flags & ts.TypeFlags.Object) || checker.isTupleType(member)) continue;
    const element = checker.isArrayType(member) ? checker.getIndexTypeOfType(member, ts.IndexKind.Number) : undefined;
    if (element) {
      collect(element, `${path}[]`, collection);
      continue;
    }
    const value = checker.getIndexTypeOfType(member, ts.IndexKind.String);
    if (value) collect(value, `${path}.*`, collection);
    for (const property of member.getProperties()) {
      const at = path ? `${path}.${property.name}` : property.name;
      const text = docOf(property, checker);
      if (text && !docs.has(at)) docs.set(at, text);
      collect(checker.getTypeOfSymbol(property), at, collection);
    }
  }
}

const membersOf = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type]);

const propertyType = (checker: ts.TypeChecker, type: ts.Type, name: string): ts.Type => checker.getTypeOfSymbol(type.getProperty(name)!);

const commentOf = (symbol: ts.Symbol, checker: ts.TypeChecker): string =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, ' ').trim();

/** The field's own comment; else that of the field it replaces by `.extend({ … })`; else that of the schema it names. */
function docOf(field: ts.Symbol, checker: ts.TypeChecker): string {
  const own = commentOf(field, checker);
  const declaration = field.declarations?.[0];
  if (own || !declaration) return own;
  const replaced = replacedField(declaration, checker);
  if (replaced) return docOf(replaced, checker);
  const schema = namedSchema(declaration, checker);
  return schema ? commentOf(schema, checker) : '';
}

function replacedField(declaration: ts.Declaration, checker: ts.TypeChecker): ts.Symbol | undefined {
  const call = declaration.parent?.parent;
  if (!call || !ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression) || call.expression.name.text !== 'extend') return undefined;
  const shape = checker.getTypeAtLocation(call.expression.expression).getProperty('shape');
  return shape && checker.getTypeOfSymbol(shape).getProperty((declaration as ts.PropertyAssignment).name.getText());
}

/** `freezeSchema` of `freeze: freezeSchema` and of `freeze: freezeSchema.prefault({})`. */
function namedSchema(declaration: ts.Declaration, checker: ts.TypeChecker): ts.Symbol | undefined {
  if (ts.isShorthandPropertyAssignment(declaration)) return variable(checker.getShorthandAssignmentValueSymbol(declaration), checker);
  if (!ts.isPropertyAssignment(declaration)) return undefined;
  let expression: ts.Expression = declaration.initializer;
  while (ts.isCallExpression(expression) || ts.isPropertyAccessExpression(expression)) expression = expression.expression;
  return ts.isIdentifier(expression) ? variable(checker.getSymbolAtLocation(expression), checker) : undefined;
}

function variable(symbol: ts.Symbol | undefined, checker: ts.TypeChecker): ts.Symbol | undefined {
  const resolved = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return resolved?.valueDeclaration && ts.isVariableDeclaration(resolved.valueDeclaration) ? resolved : undefined;
}
