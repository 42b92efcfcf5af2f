package org.ulmfit.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The strings that the English tokenizer cuts, or keeps, against its general rules, stated as
 * families. Facts from spaCy's English and base exceptions (MIT).
 */
final class EnglishExceptions {
  private static final String[] QUESTION_WORDS = {
    "who", "what", "when", "where", "why", "how", "there", "that"
  };
  // Take n't, nt, n't've and ntve.
  private static final String[] NEGATED =
      words("ca could do does did had may might must need ought sha should wo would");
  private static final String[] NEGATED_WITHOUT_HAVE = words("ai are is was were have has dare");
  private static final String[] WITH_HAVE = words("could might must should would");
  private static final String[] CLIPPED = words("doin goin havin lovin nothin nuthin ol somethin");

  // The contraction would be another word.
  private static final String[] OTHER_WORDS = words("ill its hell shell shed were well whore");

  private static final String[] TITLES =
      words(
          "Adm. Bros. Co. Corp. D.C. Dr. E.G. E.g. Gen. Gov. I.E. I.e. Inc. Jr. Ltd. Md. Messrs."
              + " Mo. Mont. Mr. Mrs. Ms. Ph.D. Rep. Rev. Sen. St. vs.");
  private static final String[] MONTHS =
      words("Jan. Feb. Mar. Apr. Jun. Jul. Aug. Sep. Sept. Oct. Nov. Dec.");
  private static final String[] STATES =
      words(
          "Ak. Ala. Ariz. Ark. Calif. Colo. Conn. Del. Fla. Ga. Ia. Id. Ill. Ind. Kan. Kans. Ky."
              + " La. Mass. Mich. Minn. Miss. N.C. N.D. N.H. N.J. N.M. N.Y. Neb. Nebr. Nev. Okla."
              + " Ore. Pa. S.C. Tenn. Va. Wash. Wis.");
  private static final String[] LOWER_CASE = words("a.m. p.m. co. e.g. i.e. and/or w/o Mt.");
  private static final String[] CLITICS =
      words("' '' 'S 's \u2018S \u2018s 'd 'll 're 'bout 'em em 'nuff nuff ll");
  private static final String[] BECAUSE = words("'cause 'cos 'coz 'cuz");
  private static final String[] LITERALS = words("\\n \\t <space> C++ \\\")");

  private static final String[] FACES =
      words(
          ":) :-) :)) :-)) :))) :-))) (: (-: =) :-] :] [: [-: (o: :o) :} :-} 8) 8-) (-8 ;) ;-)"
              + " (; (-; :( :-( :(( :-(( :((( :-((( ): )-: =( >:( :') :'-) :'( :'-( :/ :-/ =/ =|"
              + " :| :-| :1 :P :-P :p :-p :O :-O :o :-o :0 :-0 :() >:o :* :-* :3 :-3 =3 :> :->"
              + " :X :-X :x :-x :D :-D ;D ;-D =D xD XD xDD XDD 8D 8-D (=");
  private static final String[] EYES =
      words(
          "^_^ ^__^ ^___^ >.< >.> <.< ._. ;_; -_- -__- v.v V.V v_v V_V o_o o_O O_o O_O 0_o o_0"
              + " 0_0 o.o O.O o.O O.o 0.0 o.0 0.o @_@ (*_*) (^_^) (>_<) (-_-) (._.) (\u00AC_\u00AC)"
              + " \u0CA0_\u0CA0 (\u0CA0_\u0CA0) \u0CA0\uFE35\u0CA0");
  private static final String[] PICTURES =
      words(
          "<3 <33 <333 </3 ><(((*> \u00AF\\(\u30C4)/\u00AF"
              + " (\u256F\u00B0\u25A1\u00B0\uFF09\u256F\uFE35\u253B\u2501\u253B");

  private final boolean today;
  private final Map<String, String[]> table = new HashMap<>();

  private EnglishExceptions(boolean today) {
    this.today = today;
  }

  /** The table: key to its pieces, which joined give the key. */
  static Map<String, String[]> of(TokenizerSpec.Word profile) {
    EnglishExceptions exceptions = new EnglishExceptions(profile == TokenizerSpec.Word.SPACY_3);
    exceptions.pronouns();
    exceptions.questionWords();
    exceptions.verbs();
    exceptions.irregular();
    exceptions.times();
    exceptions.keptWhole();
    exceptions.drop();
    exceptions.curlyApostrophes();
    return exceptions.table;
  }

  private void pronouns() {
    for (String pronoun : words("i you he she it we they")) {
      future(pronoun);
    }
    contract("i", "'m");
    contract("i", "'m", "a");
    contract("i", "'ve");
    for (String pronoun : words("you we they")) {
      contract(pronoun, "'re");
      contract(pronoun, "'ve");
    }
    for (String pronoun : words("he she it")) {
      contract(pronoun, "'s");
    }
  }

  /** 'll and 'd, each alone and with 've. */
  private void future(String word) {
    contract(word, "'ll");
    contract(word, "'ll", "'ve");
    contract(word, "'d");
    contract(word, "'d", "'ve");
  }

  private void questionWords() {
    for (String word : QUESTION_WORDS) {
      future(word);
      contract(word, "'s");
      if (!today || !word.equals("that")) {
        contract(word, "'re");
        contract(word, "'ve");
      }
    }
    if (today) {
      future("this");
      contract("this", "'s");
      for (String word : words("these those")) {
        future(word);
        contract(word, "'re");
        contract(word, "'ve");
      }
    }
  }

  private void verbs() {
    for (String verb : NEGATED) {
      contract(verb, "n't");
      contract(verb, "n't", "'ve");
    }
    for (String verb : NEGATED_WITHOUT_HAVE) {
      contract(verb, "n't");
    }
    for (String verb : WITH_HAVE) {
      contract(verb, "'ve");
    }
    contract("not", "'ve");
  }

  private void irregular() {
    bothCases("can", "not");
    bothCases("gon", "na");
    bothCases("got", "ta");
    bothCases("let", "'s");
    bothCases("how", "'d", "'y");
    split("y'", "all");
    split("y", "all");
    if (today) {
      bothCases("c'm", "on");
      for (String scale : words("c f k C F K")) {
        split("\u00B0", scale, ".");
      }
    }
  }

  private void times() {
    for (int hour = 1; hour <= 12; hour++) {
      for (String half : words("am pm a.m. p.m.")) {
        split(Integer.toString(hour), half);
      }
    }
  }

  private void keptWhole() {
    keep(" ", "\t", "\n", "\u00A0", "\u2014");
    for (char letter = 'a'; letter <= 'z'; letter++) {
      keep(letter + ".");
    }
    keep("\u00E4.", "\u00F6.", "\u00FC.");
    for (String word : CLIPPED) {
      bothCases(word);
      bothCases(word + "'");
    }
    for (String word : BECAUSE) {
      keep(word, "'" + title(word.substring(1)));
    }
    bothCases("ma'am");
    bothCases("o'clock");
    keep(CLITICS);
    keep(TITLES);
    keep(MONTHS);
    keep(STATES);
    keep(LOWER_CASE);
    keep(LITERALS);
    keep(FACES);
    keep(EYES);
    keep(PICTURES);
    if (today) {
      keep("Prof.", "v.s.", "=[", "=]", "[=", "]=");
    } else {
      keep("May.", "\")", "cause");
    }
  }

  private void drop() {
    for (String word : OTHER_WORDS) {
      table.remove(word);
      table.remove(title(word));
    }
  }

  private void curlyApostrophes() {
    for (Map.Entry<String, String[]> entry : List.copyOf(table.entrySet())) {
      if (entry.getKey().indexOf('\'') >= 0) {
        String[] pieces = entry.getValue().clone();
        for (int i = 0; i < pieces.length; i++) {
          pieces[i] = pieces[i].replace('\'', '\u2019');
        }
        split(pieces);
      }
    }
  }

  /** With and without apostrophes, in lower and in title case. */
  private void contract(String... pieces) {
    bothCases(pieces);
    String[] bare = pieces.clone();
    for (int i = 0; i < bare.length; i++) {
      bare[i] = bare[i].replace("'", "");
    }
    bothCases(bare);
  }

  private void bothCases(String... pieces) {
    split(pieces);
    String[] titled = pieces.clone();
    titled[0] = title(pieces[0]);
    split(titled);
  }

  private void keep(String... keys) {
    for (String key : keys) {
      split(key);
    }
  }

  private void split(String... pieces) {
    table.put(String.join("", pieces), pieces);
  }

  private static String title(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  private static String[] words(String list) {
    return list.split(" ");
  }
}
