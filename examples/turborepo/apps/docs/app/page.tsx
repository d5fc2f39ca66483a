import { Card } from "@choir/ui/card";

export default function Page() {
  return <Card title="How rehearsals are planned" />;
}
