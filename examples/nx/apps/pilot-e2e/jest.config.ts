export default { displayName: "pilot-e2e" };
