import { comparePlaces, decodeCursor, encodeCursor, type Place } from './cursor.ts';
import { type Attributes, matches } from './filter-match.ts';
import { parseFilterQuery } from './filter-query.ts';
import { type OrderArgument, type Page, type PageArguments, pageOf } from './page.ts';
import { type TypeReference, typeOfMessage } from './type-reference.ts';

/** What all three kinds of types have in common. */
export interface TypeMessage {
  readonly id?: bigint | undefined;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly description?: string | undefined;
}

/** The arguments of a list of types. */
export interface TypeListArguments extends PageArguments {
  readonly orderBy?: OrderArgument<'ID' | 'NAME'> | null | undefined;
  readonly filterQuery?: string | null | undefined;
}

/** The page of types that the arguments ask for. MLMD has no list options for types: all of them are at hand. */
export function toTypePage<Message extends TypeMessage>(
  types: readonly Message[],
  list: TypeListArguments,
): Page<TypeReference<Message>> {
  const filter = list.filterQuery ? parseFilterQuery(list.filterQuery) : undefined;
  const field = list.orderBy?.field ?? 'ID';
  const sign = list.orderBy?.direction === 'DESC' ? -1 : 1;
  const placeOf = ({ id, name = '' }: TypeReference<unknown>): Place => (field === 'ID' ? [id] : [name, id]);
  // The order is a part of the cursor, so that one of another order is refused.
  const name = `types by ${field} ${sign}`;
  return pageOf(
    types
      .filter((type) => !filter || matches(filter, attributesOf(type)))
      .map((type) => typeOfMessage(type))
      .sort((a, b) => sign * comparePlaces(placeOf(a), placeOf(b))),
    list,
    {
      cursorOf: (type) => encodeCursor(name, placeOf(type)),
      isBehind(cursor) {
        const place = decodeCursor(name, cursor, field === 'ID' ? ['bigint'] : ['string', 'bigint']);
        return (type) => sign * comparePlaces(placeOf(type), place) > 0;
      },
    },
  );
}

function attributesOf(type: TypeMessage): Attributes {
  return {
    id: type.id,
    name: type.name,
    version: type.version,
    description: type.description,
  };
}
