// Test side: godotenv and Docker Compose's own parser read the dotenv texts of standard input.
package main

import (
	"encoding/json"
	"io"
	"os"
	"strings"

	compose "github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/joho/godotenv"
	"github.com/sirupsen/logrus"
)

func give(values map[string]string, err error) map[string]string {
	if err != nil {
		return nil
	}
	return values
}

func main() {
	logrus.SetOutput(io.Discard)
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		panic(err)
	}
	none := func(string) (string, bool) { return "", false }
	answers := map[string][]map[string]string{"godotenv": {}, "Compose": {}}
	for _, text := range texts {
		answers["godotenv"] = append(answers["godotenv"], give(godotenv.Parse(strings.NewReader(text))))
		answers["Compose"] = append(answers["Compose"], give(compose.ParseWithLookup(strings.NewReader(text), none)))
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		panic(err)
	}
}
