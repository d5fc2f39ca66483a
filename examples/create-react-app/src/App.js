import { useEffect, useState } from "react";

const API = process.env.REACT_APP_API_URL || "https://api.example.org";

export default function App() {
  const [seeds, setSeeds] = useState([]);
  useEffect(() => {
    fetch(`${API}/seeds`)
      .then((answer) => answer.json())
      .then(setSeeds);
  }, []);
  return (
    <ul aria-label="seeds">
      {seeds.map((seed) => (
        <li key={seed.id}>{seed.name}</li>
      ))}
    </ul>
  );
}
