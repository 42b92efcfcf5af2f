package org.ulmfit.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ulmfit.UlmfitException;
import org.ulmfit.interop.FastaiNames.Generation;

class FastaiNamesTest {

  private static List<String> layers(String prefix, String raw, boolean stale) {
    List<String> names = new ArrayList<>();
    for (int l = 0; l < 3; l++) {
      String layer = prefix + "rnns." + l + ".";
      names.add(layer + "module.weight_ih_l0");
      names.add(layer + "module.bias_ih_l0");
      names.add(layer + "module.bias_hh_l0");
      names.add(layer + raw);
      if (stale) {
        names.add(layer + "module.weight_hh_l0");
      }
    }
    return names;
  }

  private static List<String> lm07() {
    List<String> names = new ArrayList<>();
    names.add("0.encoder.weight");
    names.add("0.encoder_with_dropout.embed.weight");
    names.addAll(layers("0.", "module.weight_hh_l0_raw", false));
    names.add("1.decoder.weight");
    return names;
  }

  @Test
  void theFileOfTheLesson() {
    FastaiNames names = FastaiNames.of("fwd_wt103.h5", lm07());
    assertEquals("lm", names.kind());
    assertEquals(Generation.FASTAI_0_7, names.generation());
    assertEquals(3, names.layers());
    assertEquals(
        "0.rnns.2.module.weight_hh_l0_raw", names.sources().get("0.rnns.2.weight_hh_l0_raw"));
    assertEquals(
        Map.of(
            "0.encoder_with_dropout.embed.weight", "0.encoder.weight",
            "1.decoder.weight", "0.encoder.weight"),
        names.aliases());
    assertEquals(13, names.ours().size());
    assertEquals("0.encoder.weight", names.ours().get(0));
    assertEquals("0.rnns.0.weight_hh_l0_raw", names.ours().get(2));
  }

  @Test
  void fastai1KeepsAStaleCopyOfTheDroppedWeight() {
    List<String> all = new ArrayList<>(List.of("0.encoder.weight", "0.encoder_dp.emb.weight"));
    all.addAll(layers("0.", "weight_hh_l0_raw", true));
    all.addAll(List.of("1.decoder.weight", "1.decoder.bias"));
    FastaiNames names = FastaiNames.of("lstm_wt103.pth", all);
    assertEquals(Generation.FASTAI_1, names.generation());
    assertEquals(
        Set.of(
            "0.rnns.0.module.weight_hh_l0",
            "0.rnns.1.module.weight_hh_l0",
            "0.rnns.2.module.weight_hh_l0"),
        names.ignored());
    assertEquals("1.decoder.bias", names.ours().get(13));
  }

  @Test
  void fastai2AndEncodersOfAllThree() {
    List<String> all = new ArrayList<>(List.of("encoder.weight", "encoder_dp.emb.weight"));
    all.addAll(layers("", "weight_hh_l0_raw", false));
    FastaiNames names = FastaiNames.of("enc.pth", all);
    assertEquals("encoder", names.kind());
    assertEquals(Generation.FASTAI_2, names.generation());
    assertEquals("encoder.weight", names.embedding());
    List<String> old =
        lm07().stream().filter(n -> n.startsWith("0.")).map(n -> n.substring(2)).toList();
    assertEquals(Generation.FASTAI_0_7, FastaiNames.of("lm1_enc.h5", old).generation());
    assertEquals("encoder", FastaiNames.of("lm1_enc.h5", old).kind());
  }

  @Test
  void onlyTheDroppedWeightStandsInForTheRawOne() {
    List<String> all = new ArrayList<>(List.of("encoder.weight"));
    all.addAll(layers("", "module.weight_hh_l0", false));
    FastaiNames names = FastaiNames.of("enc.pth", all);
    assertEquals("rnns.1.module.weight_hh_l0", names.sources().get("rnns.1.weight_hh_l0_raw"));
    assertEquals(Set.of(), names.ignored());
  }

  private static List<String> classifier(List<String> modules, boolean old) {
    String prefix = old ? "0." : "0.module.";
    List<String> all = new ArrayList<>(List.of(prefix + "encoder.weight"));
    all.addAll(layers(prefix, old ? "module.weight_hh_l0_raw" : "weight_hh_l0_raw", false));
    for (int k = 0; k < modules.size(); k += 2) {
      for (String tensor :
          List.of("weight", "bias", "running_mean", "running_var", "num_batches_tracked")) {
        all.add("1.layers." + modules.get(k) + "." + tensor);
      }
      all.add("1.layers." + modules.get(k + 1) + ".weight");
    }
    return all;
  }

  @Test
  void headsOfAllThreeGenerations() {
    Map<List<String>, Generation> heads =
        Map.of(
            List.of("0.bn", "0.lin", "1.bn", "1.lin"), Generation.FASTAI_0_7,
            List.of("0", "2", "4", "6"), Generation.FASTAI_1,
            List.of("0.0", "0.2", "1.0", "1.2"), Generation.FASTAI_2,
            List.of("0.0", "0.1", "1.0", "1.1"), Generation.FASTAI_2); // no dropout between
    heads.forEach(
        (modules, generation) -> {
          List<String> all = classifier(modules, generation == Generation.FASTAI_0_7);
          FastaiNames names = FastaiNames.of("clas.pth", all);
          assertEquals("classifier", names.kind());
          assertEquals(generation, names.generation(), modules.toString());
          for (int k = 0; k < 2; k++) {
            assertEquals(
                "1.layers." + modules.get(2 * k) + ".running_var",
                names.sources().get("1.layers." + k + ".0.running_var"));
            assertEquals(
                "1.layers." + modules.get(2 * k + 1) + ".weight",
                names.sources().get("1.layers." + k + ".2.weight"));
          }
          assertEquals(2, names.ignored().size());
        });
  }

  private static String refusal(List<String> names) {
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> FastaiNames.of("file.pth", names));
    assertEquals(UlmfitException.Kind.BAD_MODEL, e.kind());
    assertEquals(1, e.getMessage().lines().count());
    assertTrue(e.getMessage().startsWith("file.pth: "), e.getMessage());
    return e.getMessage();
  }

  @Test
  void whatIsLeftOverOrMissingIsListed() {
    List<String> more = new ArrayList<>(lm07());
    more.addAll(List.of("0.rnns.0.module.weight_ih_l0_reverse", "2.attention.weight"));
    String message = refusal(more);
    assertTrue(
        message.contains("0.rnns.0.module.weight_ih_l0_reverse, 2.attention.weight"), message);
    List<String> less = new ArrayList<>(lm07());
    less.remove("0.rnns.1.module.bias_hh_l0");
    assertTrue(refusal(less).endsWith("lacks tensors of an AWD-LSTM: 0.rnns.1.module.bias_hh_l0"));
    List<String> gap = new ArrayList<>(lm07());
    gap.removeIf(n -> n.startsWith("0.rnns.1."));
    assertTrue(refusal(gap).contains("0.rnns.1.weight_hh_l0_raw"));
    assertTrue(
        refusal(List.of("conv1.weight", "fc.bias")).contains("it holds conv1.weight, fc.bias"));
    List<String> both = new ArrayList<>(lm07());
    both.add("1.layers.0.lin.weight");
    assertTrue(refusal(both).contains("which is it?"));
    List<String> bidirectional = new ArrayList<>(lm07());
    bidirectional.add("0.rnns.0.weight_hh_l0_raw");
    assertTrue(refusal(bidirectional).contains("0.rnns.0.weight_hh_l0_raw"));
  }

  @Test
  void aHeadHasTwoBlocksAndBothBiasesOrNone() {
    List<String> deep = classifier(List.of("0.0", "0.2", "1.0", "1.2", "2.0", "2.2"), false);
    String message = refusal(deep);
    assertTrue(message.contains("no AWD-LSTM of fastai has"), message);
    assertTrue(message.contains("1.layers.2.0.running_var"), message);
    assertTrue(message.contains("1.layers.2.2.weight"), message);
    List<String> biased = classifier(List.of("0", "2", "4", "6"), false);
    biased.add("1.layers.2.bias");
    assertTrue(refusal(biased).endsWith("lacks tensors of an AWD-LSTM: 1.layers.1.2.bias"));
    biased.add("1.layers.6.bias");
    assertEquals(
        "1.layers.6.bias", FastaiNames.of("f.pth", biased).sources().get("1.layers.1.2.bias"));
  }
}
