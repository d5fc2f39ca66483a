import { rehearsals } from "@choir/database";
import { Card } from "@choir/ui/card";

export default async function Page() {
  return (await rehearsals()).map((entry) => <Card key={entry.day} title={entry.day} />);
}
