package org.ulmfit.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/recipes.md} lists every key of a recipe. After a change of the records, {@code mvn
 * test -Dtest=RecipesDocumentTest -Dulmfit.updateDocs=true} writes it anew.
 */
class RecipesDocumentTest {
  private static final Path FILE = Path.of("docs/recipes.md");

  @Test
  void theListIsCurrent() throws IOException {
    String expected = document();
    if (Boolean.getBoolean("ulmfit.updateDocs")) {
      Files.writeString(FILE, expected);
    }
    assertEquals(expected, Files.readString(FILE));
  }

  private static String document() {
    StringBuilder text =
        new StringBuilder(
            """
            # Recipes

            A recipe is a YAML file laid over the defaults (`configs/default.yaml`): it states only
            what differs. Mappings are merged, lists are replaced whole. `--config FILE` or the name
            of one that ships with ulmfit; then `--set dotted.key=value`, in order; elements of a list
            are counted from 0, as in `--set lm.stages.0.epochs=2`. A key that does not exist or a
            value out of bounds ends the command with exit code 2.

            | recipe | for |
            |---|---|
            | `default` | fastai 2's text rules, vocabulary and head, sized for two cores; the classifier's rates chosen on IMDb |
            | `quickstart` | the sample that ships with ulmfit |
            | `imdb-cpu` | IMDb from its tarball and `pretrained/wiki-small` in two hours on two cores |
            | `imdb-night` | the same in a night: the language model reads the texts five times |
            | `imdb-nights` | a pair of directions in two nights, seven times each |
            | `imdb-lesson` | the fastai 0.7 lesson on IMDb, to the letter |
            | `imdb-paper` | Howard and Ruder's scripts on IMDb |
            | `wiki-small` | the language model in `pretrained/`, from Wikipedia in an hour and a half |

            ## Keys

            """);
    String room = "";
    for (Map.Entry<String, String> key : Recipes.describe().entrySet()) {
      String top = key.getKey().contains(".") ? key.getKey().split("\\.")[0] : "run";
      if (!top.equals(room)) {
        room = top;
        text.append(text.toString().endsWith("## Keys\n\n") ? "" : "\n");
        text.append("### ").append(room).append("\n\n");
      }
      text.append("- `").append(key.getKey()).append("` – ").append(key.getValue()).append('\n');
    }
    return text.toString();
  }
}
