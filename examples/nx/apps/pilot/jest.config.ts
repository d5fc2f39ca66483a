export default {
  displayName: "pilot",
  testEnvironment: "node",
};
