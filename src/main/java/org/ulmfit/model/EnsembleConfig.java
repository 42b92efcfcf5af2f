package org.ulmfit.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.PrettyJson;

/**
 * {@code config.json} of a folder whose classifiers answer together:
 *
 * <pre>
 * {"kind": "ensemble", "formatVersion": 2,
 *  "members": [{"name": "1-forward", "shares": {}},
 *              {"name": "2-backward", "shares": {"vocab.txt": "1-forward"}}],
 *  "stacking": {"weights": [0.71, 0.64], "biases": [0.02, -0.02]}}
 * </pre>
 *
 * @param members two or more, in the order of the weights
 * @param stacking how their answers are weighed; null: their probabilities are averaged
 * @param task {@code single | multi} labels a document; null: single
 * @param thresholds from which probability on each label is answered, under {@code multi}; null
 *     otherwise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EnsembleConfig(
    String kind,
    int formatVersion,
    List<Member> members,
    @Nullable Stacking stacking,
    @Nullable String task,
    @Nullable List<Double> thresholds) {

  private static final ObjectMapper JSON =
      PrettyJson.mapper().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
  private static final Pattern NAME = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,79}");

  /** More members than anybody waits for are a mistake. */
  public static final int MOST = 64;

  /**
   * A classifier.
   *
   * @param name of its folder under {@code members}
   * @param shares files that another member holds for both: name of the file to that of the member
   */
  public record Member(String name, Map<String, String> shares) {

    private boolean isSound() {
      return isName(name)
          && shares != null
          && shares.values().stream().allMatch(EnsembleConfig::isName);
    }
  }

  /**
   * Weights of the members' logits, and what is added to the sum.
   *
   * @param weights one for each member
   * @param biases one for each label
   */
  public record Stacking(List<Double> weights, List<Double> biases) {

    private boolean isSound(int members, int labels) {
      return isFinite(weights, members) && isFinite(biases, labels);
    }

    private static boolean isFinite(List<Double> values, int length) {
      return values != null
          && values.size() == length
          && values.stream().allMatch(v -> v != null && Double.isFinite(v));
    }
  }

  /** One that is new. */
  static EnsembleConfig of(
      List<Member> members, @Nullable Stacking stacking, @Nullable List<Double> thresholds) {
    return new EnsembleConfig(
        ModelFolder.ENSEMBLE,
        ModelFolder.FORMAT_VERSION,
        List.copyOf(members),
        stacking,
        thresholds == null ? null : Labelling.MULTI.word(),
        thresholds);
  }

  /**
   * Reads and checks a folder's config.
   *
   * @param labels how many there are
   * @throws UlmfitException (bad model) if it is not what ulmfit writes
   */
  public static EnsembleConfig of(ModelFolder folder, int labels) {
    EnsembleConfig config;
    try {
      config = JSON.treeToValue(folder.config(), EnsembleConfig.class);
    } catch (UnrecognizedPropertyException e) {
      throw bad(
          folder,
          "\"" + e.getPropertyName() + "\" is not known to this ulmfit; install a newer one");
    } catch (JsonProcessingException e) {
      throw bad(folder, e.getOriginalMessage() + "; make the ensemble again");
    }
    config.check(folder, labels);
    return config;
  }

  private void check(ModelFolder folder, int labels) {
    if (members == null || members.size() < 2 || members.size() > MOST) {
      throw bad(folder, "members are not 2 to " + MOST + "; make the ensemble again");
    }
    Set<String> names = new HashSet<>();
    for (Member member : members) {
      if (member == null || !member.isSound()) {
        throw bad(
            folder,
            "a member without a name of letters, digits, '.', '_' and '-', or that shares files"
                + " with one; make the ensemble again");
      }
      if (!names.add(member.name())) {
        throw bad(folder, "two members are called " + member.name() + "; make the ensemble again");
      }
    }
    if (stacking != null && !stacking.isSound(members.size(), labels)) {
      throw bad(
          folder,
          "stacking is not one finite weight for each of the "
              + members.size()
              + " members and one bias for each of the "
              + labels
              + " labels; make the ensemble again");
    }
    if (!ModelConfig.isSoundAnswer(task, thresholds, labels)) {
      throw bad(
          folder,
          "task is neither single, without thresholds, nor multi, with one from 0 to 1 for each of"
              + " the "
              + labels
              + " labels; make the ensemble again");
    }
  }

  /** The folders of the members, as {@link ModelFolder#member} opens them. */
  public List<ModelFolder> open(ModelFolder folder) {
    return members.stream().map(member -> folder.member(member.name(), member.shares())).toList();
  }

  /** Whether it may name a member: nothing that leads to another folder. */
  static boolean isName(@Nullable String name) {
    return name != null && NAME.matcher(name).matches();
  }

  private static UlmfitException bad(ModelFolder folder, String problem) {
    return UlmfitException.badModel(folder.path() + ": config.json: " + problem);
  }

  /** The file's content. */
  String json() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
