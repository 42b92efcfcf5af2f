package org.ulmfit.config;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.text.FieldMarks;
import org.ulmfit.text.FieldNumbers;
import org.ulmfit.text.Normalise;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TokenizerSpec;

/**
 * One training recipe: everything that decides what a run computes. Read from YAML by {@link
 * Recipes}; a recipe file states what differs from {@code configs/default.yaml}. The effective
 * recipe is saved with every model. Each component says what it means and which values it takes;
 * {@link Recipes#describe()} prints them.
 */
public record Recipe(
    @Doc("seed of every random stream; the lesson uses 42") @Range(min = 0, max = 4294967295d)
        long seed,
    @Doc("arithmetic of the kernels; weights and optimiser are always float32") Precision precision,
    Text text,
    Corpus corpus,
    Vocabulary vocab,
    Remap remap,
    Model model,
    LanguageModel lm,
    Classifier classifier,
    Ngrams ngrams,
    Network network,
    Embedding embedding,
    Lesson lesson,
    CheckpointPolicy checkpoint) {

  /** This recipe with the text profile and sizes that a saved model decides. */
  public Recipe with(Text otherText, Model otherModel) {
    return new Recipe(
        seed,
        precision,
        otherText,
        corpus,
        vocab,
        remap,
        otherModel,
        lm,
        classifier,
        ngrams,
        network,
        embedding,
        lesson,
        checkpoint);
  }

  /** Arithmetic of the kernels; master weights and optimiser are always float32. */
  public enum Precision {
    FP32,
    BF16,
    AUTO
  }

  /** Kinds of classifiers. */
  public enum Family {
    /** ULMFiT: concat pooling on the encoder of a language model. */
    AWD_LSTM,
    /** Logistic regression on TF-IDF of n-grams. */
    NGRAM_LR,
    /** A support vector machine on naive-Bayes ratios of n-grams (Wang and Manning 2012). */
    NGRAM_NBSVM,
    /** Dense layers on chosen n-grams (Google's text classification guide). */
    NGRAM_MLP,
    /** Logistic regression on the vectors of a sentence encoder. */
    EMBEDDING,
    /** The mean of word embeddings. */
    MEAN_EMBEDDING,
    /** Simple recurrent layers (Elman 1990). */
    RNN,
    /** LSTMs that read forward. */
    LSTM,
    /** LSTMs that read forward and backward. */
    BILSTM,
    /** Separable convolutions (Google's text classification guide). */
    SEPCNN,
    /** Residual gated convolutions with holes. */
    DGCNN
  }

  /** What an n-gram weighs in a document. */
  public enum Weighting {
    TF_IDF,
    COUNTS,
    BINARY
  }

  /** Which n-grams are chosen. */
  public enum Selection {
    ANOVA,
    FREQUENT
  }

  /** What a network makes of the steps of a document. */
  public enum Pooling {
    LAST,
    MEAN,
    MAX,
    MEAN_MAX
  }

  /** Which end of a document that is too long is kept. */
  public enum Keep {
    FIRST,
    LAST
  }

  /** How the vectors of a text's tokens become one. */
  public enum TokenPooling {
    AUTO,
    MEAN,
    FIRST
  }

  /** Whether vectors of texts are brought to length 1. */
  public enum Normalised {
    AUTO,
    TRUE,
    FALSE
  }

  /** Over which words the language model's training loss is. */
  public enum Softmax {
    AUTO,
    FULL,
    SAMPLED
  }

  /** Whether the pretrained model's words stay known. */
  public enum KeepPretrained {
    AUTO,
    TRUE,
    FALSE
  }

  /** How a corpus is standardised. */
  public enum Standardise {
    LESSON,
    PLAIN
  }

  /** Where Adam adds its epsilon. */
  public enum EpsilonMode {
    BEFORE_CORRECTION,
    AFTER_CORRECTION
  }

  /** Form of the weight decay. */
  public enum Decay {
    COUPLED,
    DECOUPLED
  }

  /** Shape of a learning-rate schedule. */
  public enum Curve {
    CONSTANT,
    CLR,
    CLR_BETA,
    SLANTED_TRIANGULAR,
    COSINE,
    ONE_CYCLE_1,
    ONE_CYCLE,
    FLAT_COS
  }

  /** Lengths of the language model's windows. */
  public enum Window {
    RANDOMISED,
    FIXED
  }

  /** What activation regularisation (AR) is taken on. */
  public enum Regularise {
    RAW,
    DROPPED
  }

  /** The decoder's bias where nothing pretrained gives it. */
  public enum StartBias {
    ZERO,
    UNIGRAM
  }

  /** How a classifier lays its documents out. */
  public enum Layout {
    MASKED,
    LESSON
  }

  /** Order of the classifier's training batches. */
  public enum Sampler {
    SORTISH_2018_03,
    SORTISH_2018_04,
    SORTED_DL,
    /** Any order, whatever the lengths: as networks are trained elsewhere. */
    RANDOM;

    /** Whether its library validated from short to long; all later ones go from long to short. */
    public boolean validatesAscending() {
      return this == SORTISH_2018_03;
    }
  }

  /** How much the rows of a class count in a classifier's training. */
  public enum ClassWeights {
    NONE,
    BALANCED,
    EFFECTIVE
  }

  /** Split of the epoch table. */
  public enum ValidateOn {
    VALID,
    TEST
  }

  /** State of the fastai 0.7 library. */
  public enum Library {
    MARCH_2018("2018-03"),
    JUNE_2018("2018-06");

    private final String word;

    Library(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /** By which figure of the validation rows an epoch is the best. */
  public enum BestBy {
    LOSS,
    ACCURACY,
    MACRO_F1
  }

  /** What becomes of the checkpoint of the best epoch. */
  public enum Best {
    NONE,
    KEEP,
    SAVE
  }

  /** Text rules and tokenizer. */
  public record Text(
      @Doc("text rules") Rules rules,
      @Doc(
              "spacy-2.0, spacy-3 = English words; icu = words of any language, icu:LOCALE = by the"
                  + " rules of one, such as icu:fi; chars = one token a character; train:SIZE,"
                  + " train:unigram:SIZE or train:bpe:SIZE = pieces learned of the training texts;"
                  + " or the path of a tokenizer.json, or of a jar that holds one")
          @OneOf(
              value = {"spacy-2.0", "spacy-3", "icu", "chars"},
              orLike = "icu:.+|train:((unigram|bpe):)?[1-9][0-9]{0,6}|.+\\.jar",
              orLikeShown = "icu:LOCALE, train:SIZE",
              orFile = ".json")
          String tokenizer,
      @Doc(
              "field markers before text columns; auto = as the rules' generation did: 0.7 always, 1"
                  + " never, 2 when there are several")
          FieldMarks markFields,
      @Doc("fastai-0.7 numbering of further columns: lesson 1, 1, 2; paper 1, 2, 3")
          FieldNumbers fieldNumbers,
      @Doc(
              "Unicode normal form that texts are brought to before the rules: none = as they are;"
                  + " nfc = letters and marks composed; nfkc = full width, ligatures and the like"
                  + " replaced, too")
          Normalise normalise,
      @Doc(
              "what the texts are written in, for config.json and the model card; none = not told, or"
                  + " that of icu:LOCALE")
          @OneOf(
              value = "none",
              orLike = "[a-z]{2,3}(-[A-Za-z0-9]{1,8})*",
              orLikeShown = "a language tag such as de or pt-BR")
          String language) {

    /** The language: as told, else that of the tokenizer's locale; null: not known. */
    public @Nullable String languageTag() {
      if (!language.equals("none")) {
        return language;
      }
      return TokenizerSpec.parse(tokenizer) instanceof TokenizerSpec.Icu icu ? icu.locale() : null;
    }

    /** Version of ICU where its dictionaries find the words; null: it is not asked. */
    public @Nullable String icu() {
      boolean icu = TokenizerSpec.parse(tokenizer) instanceof TokenizerSpec.Icu;
      return icu ? TokenizerSpec.Icu.version() : null;
    }

    /** What becomes of texts, in a line. */
    public String describe() {
      TokenizerSpec spec = TokenizerSpec.parse(tokenizer);
      String form = normalise == Normalise.NONE ? "" : ", normal form " + Key.word(normalise);
      String tag = languageTag();
      return "text: tokenizer "
          + spec.id()
          + " ("
          + spec.describe()
          + "), rules "
          + rules.id()
          + form
          + (tag == null ? "" : ", language " + tag);
    }

    /** The same cut by another tokenizer. */
    public Text cutBy(String otherTokenizer) {
      return new Text(rules, otherTokenizer, markFields, fieldNumbers, normalise, language);
    }

    /** The same in another language. */
    public Text in(String otherLanguage) {
      return new Text(rules, tokenizer, markFields, fieldNumbers, normalise, otherLanguage);
    }
  }

  /** Standardisation of the corpus. */
  public record Corpus(
      @Doc(
              "lesson = three permutations of one stream, as in fastai's lesson 10; plain = given"
                  + " splits kept, else a seeded stratified hold-out")
          Standardise standardise,
      @Doc("share of the training labels held out when there is no validation split")
          @Range(min = 0, max = 0.9)
          double validFraction,
      @Doc("share held out as test when there is no test split; 0 = none")
          @Range(min = 0, max = 0.9)
          double testFraction) {}

  /** Vocabulary; specials and padding entries follow the text rules. */
  public record Vocabulary(
      @Doc("most words kept, by frequency") @Range(min = 1, max = 10_000_000) int maxSize,
      @Doc("rarer words become the unknown word") @Range(min = 0, max = 1_000_000) int minFreq,
      @Doc("true: kept if its count exceeds minFreq (fastai 0.7); false: if it reaches it")
          boolean minFreqStrict,
      @Doc(
              "whether the pretrained language model's other words join the corpus's: true = while"
                  + " maxSize has room; auto = where it has room for all of them, so with small"
                  + " corpora, whose words are few; fastai does not")
          KeepPretrained keepPretrained) {}

  /** Remapping of pretrained rows. */
  public record Remap(
      @Doc("row 0 of the pretrained matrix counts as missing, as printed in the lesson")
          boolean zeroIsMissing,
      @Doc("match specials across text rules (_unk_ with xxunk, t_up with xxup, ...)")
          boolean aliasSpecials) {}

  /** Sizes of the AWD-LSTM when nothing pretrained decides them. */
  public record Model(
      @Doc("width of the embedding and of the last layer") @Range(min = 1, max = 16384)
          int embeddingSize,
      @Doc("width of the layers between") @Range(min = 1, max = 16384) int hiddenSize,
      @Doc("LSTM layers") @Range(min = 1, max = 16) int layers,
      @Doc("whether the tied decoder has a bias (fastai 1 and 2) or not (0.7)")
          boolean decoderBias) {}

  /** Dropout probabilities before multiplication by {@code dropMult}. */
  public record Dropouts(
      @Doc("embedded words, one mask for all time steps") @Range(min = 0, max = 0.99) double input,
      @Doc("whole words of the embedding") @Range(min = 0, max = 0.99) double embedding,
      @Doc("recurrent weights (DropConnect)") @Range(min = 0, max = 0.99) double weight,
      @Doc("between layers, one mask for all time steps") @Range(min = 0, max = 0.99) double hidden,
      @Doc("before the decoder; in the classifier before the first linear layer")
          @Range(min = 0, max = 0.99)
          double output) {}

  /** Adam and what happens to the gradient before it. */
  public record Optimizer(
      @Doc("decay of the gradient's average, unless the schedule has moms")
          @Range(min = 0, max = 0.9999)
          double beta1,
      @Doc("decay of the squared gradient's average") @Range(min = 0, max = 0.99999) double beta2,
      @Doc("added to the denominator") @Range(min = 1e-12, max = 1e-1) double epsilon,
      @Doc("epsilon added before the bias correction (torch before 1.3) or after it")
          EpsilonMode epsilonMode,
      @Doc("weight decay") @Range(min = 0, max = 1) double weightDecay,
      @Doc("coupled = added to the gradient; decoupled = AdamW") Decay decay,
      @Doc("whether batch-norm parameters and the biases of decoder and head are decayed too")
          boolean decayNormAndBias,
      @Doc("limit of the global gradient norm; 0 = none") @Range(min = 0, max = 1e6) double clip) {}

  /** Learning rates of the layer groups: exactly one of {@code lr}, {@code list}, {@code slice}. */
  public record Rates(
      @Doc("rate of the last group; auto = what a sweep before training suggests (ulmfit lr-find)")
          @Range(min = 1e-12, max = 100)
          @OrAuto
          @Nullable Double lr,
      @Doc("with lr: each lower group's rate is this much smaller; 1 = the same everywhere")
          @Range(min = 1, max = 1000)
          @Nullable Double factor,
      @Doc("one rate per group, first to last")
          @Range(min = 1e-12, max = 100)
          @Size(min = 1, max = 18)
          @Nullable List<Double> list,
      @Doc("[a, b] = geometric from a to b; [b] = b/10 for all groups but the last")
          @Range(min = 1e-12, max = 100)
          @Size(min = 1, max = 2)
          @Nullable List<Double> slice) {

    /** Of the last group; null: it is left to a sweep. */
    public @Nullable Double last() {
      if (lr != null) {
        return swept() ? null : lr;
      }
      List<Double> all = list != null ? list : Objects.requireNonNull(slice);
      return all.get(all.size() - 1);
    }

    /** The same distances between the groups, with another rate of the last one. */
    public Rates at(double rate) {
      if (lr != null) {
        return new Rates(rounded(rate), factor, null, null);
      }
      double times = rate / Objects.requireNonNull(last());
      return new Rates(null, null, times(list, times), times(slice, times));
    }

    private static @Nullable List<Double> times(@Nullable List<Double> rates, double times) {
      return rates == null ? null : rates.stream().map(rate -> rounded(rate * times)).toList();
    }

    /** To three digits. */
    private static Double rounded(double rate) {
      return new BigDecimal(rate).round(new MathContext(3)).doubleValue();
    }

    /**
     * The override that gives them to a phase.
     *
     * @param phase its key
     */
    public String override(String phase) {
      String key = phase + ".rates.";
      return lr != null
          ? key + "lr=" + lr
          : key + (list != null ? "list=" + list : "slice=" + slice);
    }

    /** Whether the rate is left to a sweep: what {@code lr: auto} is. */
    public boolean swept() {
      return lr != null && lr.isNaN();
    }
  }

  /** Learning-rate schedule over one phase; a key that is left out has its kind's usual value. */
  public record Schedule(
      @Doc("shape of the curve") Curve kind,
      @Doc("clr, clr-beta, slanted-triangular: peak over start") @Range(min = 1, max = 1e6)
          Double ratio,
      @Doc(
              "clr: batches over batches of the rise; clr-beta: per cent of the final descent;"
                  + " slanted-triangular: 1 / cut_frac")
          @Range(min = 1, max = 1e6)
          Double cut,
      @Doc("one-cycle: peak over start") @Range(min = 1, max = 1e9) Double div,
      @Doc("one-cycle, flat-cos: peak over end") @Range(min = 1, max = 1e12) Double divFinal,
      @Doc("one-cycle: share of the rise; flat-cos: share of the constant part")
          @Range(min = 0, max = 1)
          Double pctStart,
      @Doc("beta1 over the cycle; none = the optimiser's beta1 throughout")
          @Range(min = 0, max = 0.9999)
          @Size(min = 2, max = 3)
          List<Double> moms) {}

  /** One phase of training. */
  public record Phase(
      @Doc("first trainable layer group; negative counts from the last; 0 = all are trained")
          @Range(min = -18, max = 17)
          int freezeTo,
      @Doc("passes over the data; a fraction ends the phase early") @Range(min = 1e-6, max = 10_000)
          double epochs,
      Rates rates,
      Schedule schedule) {}

  /** Stage 2: the language model. */
  public record LanguageModel(
      @Doc("whether the texts (never the labels) of the test split are read")
          boolean includeTestText,
      @Doc("share of the documents held out to validate the language model")
          @Range(min = 0, max = 0.9)
          double validFraction,
      @Doc("parallel streams") @Range(min = 1, max = 4096) int batchSize,
      @Doc("tokens of each stream in a batch (base length if randomised)")
          @Range(min = 2, max = 4096)
          int bptt,
      @Doc("randomised = lengths drawn around bptt (fastai 0.7); fixed (fastai 2)") Window window,
      @Doc("whether documents are shuffled before every epoch") boolean shuffle,
      @Doc("multiplies every dropout below") @Range(min = 0, max = 2) double dropMult,
      Dropouts dropout,
      Optimizer optimizer,
      @Doc("activation regularisation (AR)") @Range(min = 0, max = 1000) double alpha,
      @Doc("temporal activation regularisation (TAR)") @Range(min = 0, max = 1000) double beta,
      @Doc("AR on the raw output (fastai 0.7) or on the dropped one (fastai 2)")
          Regularise regularise,
      @Doc(
              "training loss over all words, or over the target and sampled words; auto = sampled"
                  + " where the vocabulary is twice lm.negatives or more; validation is full in any"
                  + " case")
          Softmax softmax,
      @Doc("words drawn for each batch under softmax: sampled; shared by all its tokens")
          @Range(min = 1, max = 1_000_000)
          int negatives,
      @Doc(
              "the decoder's bias when nothing pretrained gives it: zero (fastai), or unigram = log"
                  + " of each word's share of the training text")
          StartBias startBias,
      @Doc(
              "decay of the exponential averages of all weights that are validated and saved in place"
                  + " of the last ones, 0.999 for instance; 0 = none")
          @Range(min = 0, max = 0.99999)
          double ema,
      @Size(min = 1, max = 64) List<Phase> stages) {}

  /** Stage 3: the classifier. */
  public record Classifier(
      @Doc(
              "awd-lstm = on the encoder of a language model; ngram-lr = logistic regression on"
                  + " TF-IDF of n-grams; ngram-nbsvm = support vector machine on naive-Bayes ratios"
                  + " of n-grams; ngram-mlp = dense layers on chosen n-grams; embedding = logistic"
                  + " regression on the vectors of a sentence encoder; mean-embedding, rnn, lstm,"
                  + " bilstm, sepcnn and dgcnn = networks from random weights. n-gram families read"
                  + " the keys of ngrams, embedding those of its name, these networks those of network"
                  + " and of training below")
          Family family,
      @Doc(
              "masked = each document gets what it would get alone; lesson = padding on the left,"
                  + " fed and pooled")
          Layout encoder,
      @Doc("chunk length of the encoder; gradients do not cross chunks") @Range(min = 1, max = 4096)
          int bptt,
      @Doc("tokens at the end of a document that are pooled and get gradients")
          @Range(min = 1, max = 1_000_000)
          int maxLength,
      @Doc(
              "order of the training batches; in the lesson layout the first one also validates from"
                  + " short to long, the others from long to short")
          Sampler sampler,
      @Doc("rows in a training batch at most") @Range(min = 1, max = 4096) int batchSize,
      @Doc("rows in an evaluation batch at most") @Range(min = 1, max = 4096) int evalBatchSize,
      @Doc("rows times longest row in a batch at most; 0 = no bound")
          @Range(min = 0, max = 100_000_000)
          int maxBatchTokens,
      @Doc("width of the head's hidden layer") @Range(min = 1, max = 16384) int headSize,
      @Doc("dropout before the last linear layer; not scaled by dropMult")
          @Range(min = 0, max = 0.99)
          double headDropout,
      @Doc("whether the head's linear layers have a bias (fastai 0.7, 1) or not (2)")
          boolean headBias,
      @Doc("multiplies every dropout below") @Range(min = 0, max = 2) double dropMult,
      Dropouts dropout,
      @Doc(
              "whether frozen layers drop out, as in fastai; false is an approximation: they do not,"
                  + " and while the whole encoder is frozen (masked) every document is read once")
          boolean frozenDropout,
      Optimizer optimizer,
      @Doc("activation regularisation (AR)") @Range(min = 0, max = 1000) double alpha,
      @Doc("temporal activation regularisation (TAR)") @Range(min = 0, max = 1000) double beta,
      @Doc(
              "weights of the classes in the training loss: balanced = inversely to their rows;"
                  + " effective = inversely to their effective number of rows (Cui et al. 2019), milder")
          ClassWeights classWeights,
      @Doc("share of the target that goes to all classes alike") @Range(min = 0, max = 0.9)
          double labelSmoothing,
      @Doc(
              "decay of the exponential averages of all weights that are validated and saved in place"
                  + " of the last ones, 0.999 for instance; 0 = none")
          @Range(min = 0, max = 0.99999)
          double ema,
      Adversarial adversarial,
      @Doc(
              "steps of a phase at least: where there are few rows batches are halved, down to 16 rows,"
                  + " and then epochs are more; 0 = as the recipe says")
          @Range(min = 0, max = 1_000_000)
          int minSteps,
      @Doc(
              "a phase ends when so many epochs in a row are no better than its best by"
                  + " checkpoint.bestBy; 0 = never")
          @Range(min = 0, max = 10_000)
          int patience,
      @Doc("split that the epoch table is computed on; the lesson used test") ValidateOn validateOn,
      @Doc(
              "whether logits are divided by a temperature that 200 or more validation rows choose, if"
                  + " that lowers the log loss of those held out")
          boolean calibrate,
      @Size(min = 1, max = 64) List<Phase> stages) {}

  /** Training against the worst small change of a text's embedded words. */
  public record Adversarial(
      @Doc(
              "at = adversarial training, towards a greater loss; vat = virtual adversarial training,"
                  + " towards another answer, unlabelled texts too; none")
          Kind kind,
      @Doc("how far a text is moved, as a share of the norm of its embedded words")
          @Range(min = 1e-6, max = 10)
          double epsilon,
      @Doc("vat: the same of the random move that shows the way") @Range(min = 1e-6, max = 10)
          double xi,
      @Doc("weight of the moved texts' loss") @Range(min = 0, max = 1000) double weight,
      @Doc("weight of the answers' entropy, to be little, of unlabelled texts too")
          @Range(min = 0, max = 1000)
          double entropy,
      @Doc("batches of the corpus's unlabelled texts beside each labelled one")
          @Range(min = 0, max = 100)
          int unlabelled) {

    /** What a text is moved towards. */
    public enum Kind {
      NONE,
      AT,
      VAT
    }

    /** Whether a batch is more than its labels' loss. */
    public boolean isActive() {
      return kind != Kind.NONE || entropy > 0;
    }
  }

  /** Classifiers on n-grams of tokens; marks of the text rules are no tokens of theirs. */
  public record Ngrams(
      @Doc("tokens of the shortest") @Range(min = 1, max = 8) int low,
      @Doc("tokens of the longest") @Range(min = 1, max = 8) int high,
      @Doc("those in fewer training documents are left out") @Range(min = 1, max = 1_000_000)
          int minDocuments,
      @Doc("ngram-lr, ngram-mlp: whether a count n weighs 1 + log n") boolean sublinear,
      @Doc(
              "ngram-nbsvm: share of the machine's weights, the rest being the ratios times the"
                  + " weights' mean magnitude (Wang and Manning's beta, 0.25 there)")
          @Range(min = 0.01, max = 1)
          double interpolation,
      @Doc("strengths C to choose from, by folds of the training rows")
          @Range(min = 1e-9, max = 1e9)
          @Size(min = 1, max = 32)
          List<Double> strengths,
      @Doc("folds; with one strength they only calibrate") @Range(min = 2, max = 20) int folds,
      @Doc("ngram-mlp: what an n-gram weighs: tf-idf, its count, or 1 (the document as a set)")
          Weighting weighting,
      @Doc(
              "ngram-mlp: which n-grams are chosen: those whose weight tells most of the label by a"
                  + " one-way analysis of variance, or those of most documents")
          Selection selection,
      @Doc("ngram-mlp: how many") @Range(min = 1, max = 10_000_000) int features,
      @Doc("ngram-mlp: dropout of single n-grams") @Range(min = 0, max = 0.99) double dropout) {}

  /** Networks trained from random weights; marks of the text rules are no words of theirs. */
  public record Network(
      @Doc("width of the word embedding; 0 = words as one-hot vectors, for rnn, lstm and bilstm")
          @Range(min = 0, max = 16384)
          int embeddingSize,
      @Doc(
              "word vectors that the embedding begins with, a text file of a word and its numbers a"
                  + " line (GloVe, fastText .vec); none = random numbers")
          @OneOf(value = "none", orLike = ".*[./\\\\].*", orLikeShown = "the path of a file")
          String vectors,
      @Doc("whether the embedding is trained") boolean trainEmbedding,
      @Doc("whether embedded words go through batch norm") boolean embeddingNorm,
      @Doc("dropout of single numbers of embedded words") @Range(min = 0, max = 0.99)
          double embeddingDropout,
      @Doc("dropout of features of embedded words, for a whole document")
          @Range(min = 0, max = 0.99)
          double spatialDropout,
      @Doc("rnn, lstm, bilstm: units of each layer; sepcnn: filters of each block")
          @Range(min = 1, max = 16384)
          @Size(min = 1, max = 16)
          List<Integer> units,
      @Doc("bilstm: whether the last layer reads forward only") boolean lastForward,
      @Doc("sepcnn, dgcnn: steps that a convolution sees") @Range(min = 1, max = 99) int kernelSize,
      @Doc("sepcnn: of how many steps the greatest is taken between blocks")
          @Range(min = 1, max = 99)
          int poolSize,
      @Doc("sepcnn: dropout before each block") @Range(min = 0, max = 0.99) double blockDropout,
      @Doc("dgcnn: holes of each block's convolution, 1 = none")
          @Range(min = 1, max = 1024)
          @Size(min = 1, max = 32)
          List<Integer> dilations,
      @Doc("dgcnn: dropout of the gates before their sigmoid") @Range(min = 0, max = 0.99)
          double gateDropout,
      @Doc(
              "what is made of the steps: the last one read (in each direction), their mean, their"
                  + " greatest, or both of these")
          Pooling pooling,
      @Doc(
              "true: padding is left out, each document gets what it would get alone; false: every"
                  + " document is filled up to length and the padding is read, as Keras does without a mask")
          boolean masking,
      @Doc("tokens of a document that are read; 0 = all") @Range(min = 0, max = 1_000_000)
          int length,
      @Doc("which tokens of a longer document those are") Keep keep,
      @Doc(
              "width of each dense layer between pooling and output; ngram-mlp: between n-grams and"
                  + " output, one at least")
          @Range(min = 1, max = 16384)
          @Size(min = 0, max = 8)
          List<Integer> hidden,
      @Doc("dropout before the output layer") @Range(min = 0, max = 0.99) double dropout) {}

  /** Classifiers on the vectors of a sentence encoder. */
  public record Embedding(
      @Doc(
              "the encoder: a folder with model.onnx and tokenizer.json, or a jar that holds both;"
                  + " none = not told yet")
          @OneOf(value = "none", orLike = ".+", orLikeShown = "a folder or a .jar")
          String embedder,
      @Doc(
              "how the vectors of a text's tokens become one: their mean, or the first (of [CLS]);"
                  + " auto = as the encoder's files say, else the mean")
          TokenPooling pooling,
      @Doc("whether vectors are brought to length 1; auto = as its files say, else true")
          Normalised normalise,
      @Doc("tokens that it reads at once; 0 = as its files say, else 512")
          @Range(min = 0, max = 1_000_000)
          int window,
      @Doc("of a longer text, pieces that two windows next to each other share, at least")
          @Range(min = 0, max = 1_000_000)
          int overlap,
      @Doc("windows of a text that are read, its first ones; 0 = all")
          @Range(min = 0, max = 1_000_000)
          int windows,
      @Doc("strengths C to choose from, by folds of the training rows")
          @Range(min = 1e-9, max = 1e9)
          @Size(min = 1, max = 32)
          List<Double> strengths,
      @Doc("folds") @Range(min = 2, max = 20) int folds) {}

  /** Details of the fastai 0.7 library that changed while the lesson was current. */
  public record Lesson(
      @Doc(
              "of randomised windows: 2018-03 draws all of them, 2018-06 gives the first of a pass"
                  + " its greatest length (classifier.sampler has the rest of what changed)")
          Library library) {}

  /** When checkpoints are written. */
  public record CheckpointPolicy(
      @Doc("after so many steps; 0 = not by steps") @Range(min = 0, max = 1_000_000_000)
          int everySteps,
      @Doc("after so many minutes; 0 = not by time") @Range(min = 0, max = 100_000)
          double everyMinutes,
      @Doc("how many of the newest are kept") @Range(min = 1, max = 1000) int keep,
      @Doc(
              "of the best epoch: keep = its checkpoint is kept beside"
                  + " the newest until the run ends; save = the model is saved from it, not from the last epoch")
          Best best,
      @Doc(
              "which epoch is the best: of the lowest validation loss, the highest accuracy or the"
                  + " highest macro F1; a language model has no macro F1 and goes by the loss")
          BestBy bestBy) {}
}
