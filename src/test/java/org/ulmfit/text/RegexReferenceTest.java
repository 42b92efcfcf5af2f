package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The scanner against spaCy's regular expressions, run by {@code java.util.regex} on random chunks:
 * prefix, suffix, infixes and address rule each, and the whole loop of one chunk.
 */
class RegexReferenceTest {
  private static final int CHUNKS = 5_000;
  private static final String[] ATOMS =
      ("a b c s t x Z A B U S C F K k é É ß Ж ж ع 中 क 𝐀 𠀀 😀 ½ 0 1 5 9 10 127 172.16 192.168 25 ٣ . , : ; ! ?"
              + " ' \" ( ) [ ] { } - -- --- – — —— ~ / \\ < > = _ # * & % $ + ^ @ | … …… .. ... ’ ’’"
              + " ‘ ‘‘ “ ” ` `` '' ´ § ° ² µ µm € ₴ ₿ US$ C$ A$ km km² m/s mb Кб тбكم ۔ ، 。 〈 ⟦ 's ’S"
              + " http:// https:// ftp:// mailto:// x:// www. foo .com .co.uk a.b 1.2.3.4 :80 /p ?q")
          .split(" ");

  private final Random random = new Random(7);

  @ParameterizedTest
  @EnumSource(TokenizerSpec.Word.class)
  void scannerEqualsTheExpressions(TokenizerSpec.Word word) throws IOException {
    boolean today = word == TokenizerSpec.Word.SPACY_3;
    JsonNode data =
        SharedFiles.json(SharedFiles.spec("spacy_en_exceptions.json"))
            .at("/profiles/" + (today ? "v3" : "v2_0"));
    Reference reference = new Reference(data, today, EnglishExceptions.of(word));
    WordProfile profile = WordProfile.of(word);
    Affixes affixes = new Affixes(profile);
    UrlRule url = UrlRule.of(profile);
    List<String> exceptions = List.copyOf(reference.exceptions.keySet());
    TextPipeline tokenizer = TextPipeline.of(Rules.NONE, word);
    for (int i = 0; i < CHUNKS; i++) {
      String chunk = chunk(exceptions);
      char[] text = chunk.toCharArray();
      int size = text.length;
      assertEquals(reference.prefix(chunk), affixes.prefix(text, 0, size), () -> "prefix " + chunk);
      assertEquals(reference.suffix(chunk), affixes.suffix(text, 0, size), () -> "suffix " + chunk);
      url.begin(text, 0, size);
      assertEquals(reference.isUrl(chunk), url.matches(0, size), () -> "address " + chunk);
      if (!today) { // spaCy 3's second pass goes beyond the chunk loop
        assertEquals(reference.tokens(chunk), tokenizer.tokens(chunk), () -> "tokens " + chunk);
      }
      assertEquals(reference.infixes(chunk), infixes(affixes, chunk), () -> "infixes " + chunk);
    }
  }

  private String chunk(List<String> exceptions) {
    StringBuilder out = new StringBuilder();
    for (int n = 1 + random.nextInt(7); n > 0; n--) {
      String atom =
          random.nextInt(8) == 0
              ? exceptions.get(random.nextInt(exceptions.size())).strip()
              : ATOMS[random.nextInt(ATOMS.length)];
      out.append(atom.chars().noneMatch(PythonText::isSpace) ? atom : "");
    }
    return out.isEmpty() ? "a" : out.toString();
  }

  private static List<Integer> infixes(Affixes affixes, String chunk) {
    char[] text = chunk.toCharArray();
    List<Integer> out = new ArrayList<>();
    for (int i = 0; i < text.length; ) {
      int end = affixes.infix(text, 0, i, text.length);
      if (end > 0) {
        out.add(i);
        out.add(end);
      }
      i = end > 0 ? end : i + 1;
    }
    return out;
  }

  /** The published expressions and the published loop, as plainly as can be. */
  private static final class Reference {
    final Map<String, String[]> exceptions;
    private final boolean today;
    private final JsonNode data;
    private final Pattern prefix;
    private final Pattern suffix;
    private final Pattern infix;
    private final Pattern url;

    Reference(JsonNode data, boolean today, Map<String, String[]> exceptions) {
      this.data = data;
      this.today = today;
      this.exceptions = exceptions;
      prefix = Pattern.compile(expression(alternatives("prefixes")));
      suffix = Pattern.compile("(?:" + expression(alternatives("suffixes")) + ")\\z");
      infix = Pattern.compile(expression(alternatives("infixes")));
      url = Pattern.compile(expression(data.path("url").asText()), Pattern.DOTALL);
    }

    private String alternatives(String name) {
      return String.join("|", SharedFiles.strings(data.path(name)));
    }

    private String expression(String pieces) {
      // Java's look-behind sees whole code points only before a literal beyond the basic plane.
      String out = pieces + "|(?!)\uD83D\uDE00";
      for (Map.Entry<String, JsonNode> entry : data.path("classes_java").properties()) {
        out = out.replace("<" + entry.getKey() + ">", entry.getValue().asText());
      }
      return out;
    }

    int prefix(String text) {
      Matcher matcher = prefix.matcher(text);
      return matcher.lookingAt() ? matcher.end() : 0;
    }

    int suffix(String text) {
      Matcher matcher = suffix.matcher(text);
      return matcher.find() ? matcher.end() - matcher.start() : 0;
    }

    boolean isUrl(String text) {
      return url.matcher(text).matches();
    }

    List<Integer> infixes(String text) {
      List<Integer> out = new ArrayList<>();
      Matcher matcher = infix.matcher(text);
      while (matcher.find()) {
        out.add(matcher.start());
        out.add(matcher.end());
      }
      return out;
    }

    List<String> tokens(String chunk) {
      if (exceptions.containsKey(chunk)) {
        return List.of(exceptions.get(chunk));
      }
      List<String> head = new ArrayList<>();
      List<String> tail = new ArrayList<>();
      String s = chunk;
      for (int last = -1; !s.isEmpty() && s.length() != last; ) {
        last = s.length();
        if (exceptions.containsKey(s) || !today && isUrl(s)) {
          break;
        }
        int p = prefix(s);
        if (p > 0 && exceptions.containsKey(s.substring(p))) {
          head.add(s.substring(0, p));
          s = s.substring(p);
          break;
        }
        int m = suffix(today ? s.substring(p) : s);
        int end = s.length() - m;
        if (m > 0 && exceptions.containsKey(s.substring(0, end))) {
          tail.add(0, s.substring(end));
          s = s.substring(0, end);
          break;
        }
        boolean takeSuffix = m > 0 && (p == 0 || p + m <= s.length());
        if (p > 0) {
          head.add(s.substring(0, p));
        }
        if (takeSuffix) {
          tail.add(0, s.substring(end));
        }
        s = s.substring(p, takeSuffix ? end : s.length());
      }
      if (exceptions.containsKey(s)) {
        head.addAll(List.of(exceptions.get(s)));
      } else if (!s.isEmpty()) {
        head.addAll(isUrl(s) ? List.of(s) : split(s));
      }
      head.addAll(tail);
      return head;
    }

    private List<String> split(String s) {
      List<String> out = new ArrayList<>();
      List<Integer> cuts = infixes(s);
      int start = 0;
      for (int i = 0; i < cuts.size(); i += 2) {
        if (cuts.get(i) == 0) {
          continue;
        }
        out.add(s.substring(start, cuts.get(i)));
        out.add(s.substring(cuts.get(i), cuts.get(i + 1)));
        start = cuts.get(i + 1);
      }
      out.add(s.substring(start));
      out.removeIf(String::isEmpty);
      return out;
    }
  }
}
