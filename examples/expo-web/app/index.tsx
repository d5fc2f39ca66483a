import { Text, View } from "react-native";

import { count } from "../lib/count";

const API = process.env.EXPO_PUBLIC_API_URL;

export default function Index() {
  return (
    <View>
      <Text>
        {count(["wren", "robin", "wren"]).wren} wrens, sent to {API}
      </Text>
    </View>
  );
}
