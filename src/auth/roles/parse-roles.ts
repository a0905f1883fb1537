import type { Node } from 'yaml';
import { RESOURCES, VERBS } from '../permission.ts';
import { isRegistryName } from '../registry-name.ts';
import { ANY, type Grant, type Roles, type Subject } from './roles.ts';
import { fieldsOf, itemsOf, parseFields, textsOf, type YamlField, type YamlFields } from './yaml-fields.ts';

/** Reads a roles file. INVALID_ARGUMENT for what it must not say, with the place. `file` is its name in messages. */
export function parseRoles(file: string, text: string): Roles {
  const yaml = parseFields(file, text);
  const { roles, subjects } = pick(yaml, yaml.root, 'The file', ['roles', 'subjects'], []);
  const byName = new Map(fieldsOf(yaml, roles.value, '`roles`').map((role) => [role.name, toGrants(yaml, role)]));
  return {
    roles: byName,
    subjects: itemsOf(yaml, subjects.value, '`subjects`').map((item) => toSubject(yaml, item, byName)),
  };
}

function toGrants(yaml: YamlFields, { name, value }: YamlField): readonly Grant[] {
  return itemsOf(yaml, value, `The role '${name}'`).map((item) => {
    const fields = pick(yaml, item, 'A permission', ['verbs', 'resources'], ['registries']);
    const registries = fields.registries && textsOf(yaml, fields.registries.value, '`registries`');
    for (const [registry, node] of registries ?? []) {
      if (registry !== ANY && !isRegistryName(registry))
        throw yaml.problem(node, `'${registry}' is no name of a registry.`);
    }
    return {
      verbs: choices(yaml, fields.verbs, 'verb', VERBS),
      resources: choices(yaml, fields.resources, 'resource', RESOURCES),
      ...(registries && { registries: registries.map(([registry]) => registry) }),
    };
  });
}

function toSubject(yaml: YamlFields, item: Node, known: ReadonlyMap<string, unknown>): Subject {
  const fields = pick(yaml, item, 'A subject', ['roles'], ['users', 'groups']);
  const { users, groups } = fields;
  if (!users && !groups) throw yaml.problem(item, 'A subject has to have `users` or `groups`.');
  const roles = textsOf(yaml, fields.roles.value, '`roles`').map(([role, node]) => {
    if (!known.has(role))
      throw yaml.problem(node, `There is no role '${role}'; ${told('there is', [...known.keys()])}.`);
    return role;
  });
  const names = (field: YamlField | undefined) =>
    (field ? textsOf(yaml, field.value, `\`${field.name}\``) : []).map(([name, node]) => {
      if (name === ANY)
        throw yaml.problem(node, "There is no '*' here; for all who are known name the group system:authenticated.");
      return name;
    });
  return { users: names(users), groups: names(groups), roles };
}

/** The texts of a field, each of which has to be one of `all`, or '*'. */
function choices<Choice extends string>(
  yaml: YamlFields,
  { name, value }: YamlField,
  what: string,
  all: readonly Choice[],
): readonly (Choice | typeof ANY)[] {
  return textsOf(yaml, value, `\`${name}\``).map(([text, node]) => {
    const found = [ANY, ...all].find((each): each is Choice | typeof ANY => each === text);
    if (found === undefined)
      throw yaml.problem(node, `'${text}' is no ${what}; ${told('there are', ["'*'", ...all])}.`);
    return found;
  });
}

/** The fields of a map by their names; an unknown one and a missing one are refused. */
function pick<Needed extends string, Optional extends string>(
  yaml: YamlFields,
  node: Node | null,
  what: string,
  needed: readonly Needed[],
  optional: readonly Optional[],
): { readonly [Name in Needed]: YamlField } & { readonly [Name in Optional]?: YamlField } {
  const fields = fieldsOf(yaml, node, what);
  const names: readonly string[] = [...needed, ...optional];
  const unknown = fields.find(({ name }) => !names.includes(name));
  if (unknown) throw yaml.problem(unknown.key, `${what} has no field '${unknown.name}'; ${told('there are', names)}.`);
  const missing = needed.find((name) => !fields.some((field) => field.name === name));
  if (missing !== undefined) throw yaml.problem(node, `${what} has to have \`${missing}\`.`);
  // Each name is one of the two lists, and the needed ones are there.
  return Object.fromEntries(fields.map((field) => [field.name, field])) as ReturnType<typeof pick<Needed, Optional>>;
}

function told(begin: string, names: readonly string[]): string {
  return names.length === 0 ? `${begin} none` : `${begin} ${names.join(', ')}`;
}
