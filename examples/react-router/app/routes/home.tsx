export default function Home() {
  return <h1>Tide tables</h1>;
}
