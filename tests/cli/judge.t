## The five means of a reader beside NVIDIA's chart.
$ doubt judge --pair 26.2355ms=39FPS --pair 27.8128ms=36FPS --pair 95.9434ms=11FPS --pair 87.3721ms=14FPS --pair 67.5191ms=15FPS
  measured   in the claim's unit   claim      reads as   % of claim   verdict
26.2355 ms                 38.12   39FPS   38.5 … 39.5         97.7   outside, no verdict
27.8128 ms                 35.95   36FPS   35.5 … 36.5         99.9   inside, no verdict
95.9434 ms                 10.42   11FPS   10.5 … 11.5         94.8   outside, no verdict
87.3721 ms                 11.45   14FPS   13.5 … 14.5         81.8   outside, no verdict
67.5191 ms                 14.81   15FPS   14.5 … 15.5         98.7   inside, no verdict

no verdict     one number has no error bar: give its restarts (--measured again for each, or a
               file), or --sd with --n, or --interval
not compared   device, precision, engine and whatever else the claim depends on

## Summary statistics: FALLS SHORT, HOLDS, EXCEEDS.
$ doubt judge --measured 26.2355ms --sd 0.10ms --n 20 --claim 39FPS
  measured   in the claim's unit          interval   claim      reads as   % of claim   verdict
26.2355 ms                38.116   38.045 … 38.188   39FPS   38.5 … 39.5   97.7 ± 0.2   FALLS SHORT

interval       95 %: Student's t from mean, standard deviation and n = 20, which must be restarts:
               iterations of one process are correlated, and say nothing about another start; its
               ends are converted, since the restarts themselves are not known
error          a conclusive verdict is wrong with probability at most 0.05
not compared   device, precision, engine and whatever else the claim depends on
? 1

$ doubt judge --measured 27.8128ms --sd 0.11 --n 20 --claim 36FPS
  measured   in the claim's unit          interval   claim      reads as   % of claim   verdict
27.8128 ms                35.955   35.885 … 36.024   36FPS   35.5 … 36.5   99.9 ± 0.2   HOLDS

interval       95 %: Student's t from mean, standard deviation and n = 20, which must be restarts:
               iterations of one process are correlated, and say nothing about another start; its
               ends are converted, since the restarts themselves are not known
error          a conclusive verdict is wrong with probability at most 0.05
not compared   device, precision, engine and whatever else the claim depends on

$ doubt judge --measured 26.0ms --sd 1.2% --n 20 --claim "27.8 ms"
measured        interval     claim        reads as    % of claim   verdict
 26.0 ms   25.80 … 26.20   27.8 ms   27.75 … 27.85   106.9 ± 0.9   EXCEEDS

interval       95 %: Student's t from mean, standard deviation and n = 20, which must be restarts:
               iterations of one process are correlated, and say nothing about another start
error          a conclusive verdict is wrong with probability at most 0.05
not compared   device, precision, engine and whatever else the claim depends on

$ doubt judge --measured 27.81ms --sd 2% --n 20 --claim "27.8 ms"
measured        interval     claim        reads as    % of claim   verdict
27.81 ms   27.54 … 28.08   27.8 ms   27.75 … 27.85   100.0 ± 1.0   INCONCLUSIVE

interval       95 %: Student's t from mean, standard deviation and n = 20, which must be restarts:
               iterations of one process are correlated, and say nothing about another start
inconclusive   the interval reaches over an edge of the claim
planning       at this spread (2 % from restart to restart) a verdict needs about 973 restarts at
               level 0.05; or, stated before a new series, a tolerance of 0.9 % at 20 restarts
not compared   device, precision, engine and whatever else the claim depends on
? 3

## Before a series: how many restarts.
$ doubt judge --measured 27.8ms --sd 2% --claim 36FPS
measured   in the claim's unit   claim      reads as   % of claim   verdict
 27.8 ms                 35.97   36FPS   35.5 … 36.5         99.9   inside, no verdict

planning       at this spread (2 % from restart to restart) a verdict needs about 15 restarts at
               level 0.05
no verdict     one number has no error bar: give its restarts (--measured again for each, or a
               file), or --sd with --n, or --interval
not compared   device, precision, engine and whatever else the claim depends on

$ doubt judge --measured 28.169ms --sd 2% --claim 36FPS
 measured   in the claim's unit   claim      reads as   % of claim   verdict
28.169 ms                 35.50   36FPS   35.5 … 36.5         98.6   inside, no verdict

planning       not reachable: the mean, within its digits, lies on an edge of the claim or next to
               it, so no number of restarts (spread 2 %) would settle it
no verdict     one number has no error bar: give its restarts (--measured again for each, or a
               file), or --sd with --n, or --interval
not compared   device, precision, engine and whatever else the claim depends on

## Restarts, typed and from files.
$ doubt judge --measured 27.81,27.79,27.83,27.80,27.82ms --claim 36FPS
  measured   in the claim's unit          interval   claim      reads as   % of claim   verdict
5 restarts                35.958   35.926 … 35.990   36FPS   35.5 … 36.5   99.9 ± 0.1   HOLDS

interval       95 %: hull of Student's t and its skewness-adjusted form over the restarts, and half
               a unit of the last digit typed
error          a conclusive verdict is wrong with probability at most 0.05
not compared   device, precision, engine and whatever else the claim depends on

$ doubt judge data/judge/restarts.txt --unit ms --claim 36FPS
  measured   in the claim's unit          interval   claim      reads as   % of claim   verdict
5 restarts                35.958   35.926 … 35.990   36FPS   35.5 … 36.5   99.9 ± 0.1   HOLDS

interval       95 %: hull of Student's t and its skewness-adjusted form over the restarts, and half
               a unit of the last digit typed
error          a conclusive verdict is wrong with probability at most 0.05
not compared   device, precision, engine and whatever else the claim depends on

$ doubt judge - --unit ms --claim 36FPS --column 2 < data/judge/restarts.csv
  measured   in the claim's unit          interval   claim      reads as   % of claim   verdict
5 restarts                35.958   35.926 … 35.990   36FPS   35.5 … 36.5   99.9 ± 0.1   HOLDS

interval       95 %: hull of Student's t and its skewness-adjusted form over the restarts, and half
               a unit of the last digit typed
error          a conclusive verdict is wrong with probability at most 0.05
not compared   device, precision, engine and whatever else the claim depends on

$ doubt judge data/judge/komma.csv --unit ms --claim 36FPS --column 2 --decimal-comma --json
{
  "judged": [
    {
      "claim": {
        "text": "36FPS",
        "unit": "1/s",
        "value": 36.0,
        "lo": 35.5,
        "hi": 36.5
      },
      "measured": [
        27810000.0,
        27790000.0,
        27830000.0,
        27800000.0,
        27820000.0
      ],
      "measured_unit": "ns",
      "basis": "restarts",
      "value": 35.95829768427955,
      "lo": 35.92643749968948,
      "hi": 35.990175699176504,
      "level": 0.05,
      "sd": 0.020444112251054438,
      "restarts": 5.0,
      "ratio": 0.9988416023410986,
      "ratio_lo": 0.9979565972135966,
      "ratio_hi": 0.9997271027549028,
      "inside": true,
      "verdict": "HOLDS",
      "reason": null,
      "restarts_needed": 2.0,
      "tolerance_needed": 0.0
    }
  ],
  "look": 1,
  "looks": 1,
  "family": 1,
  "tolerance": 0.0,
  "expected_false_at_most": 0.05
}

$ doubt judge -m 27.81ms -m 27.79ms -m 27.83ms --claim 36FPS
  measured   in the claim's unit          interval   claim      reads as   % of claim   verdict
3 restarts                35.958   35.888 … 36.029   36FPS   35.5 … 36.5   99.9 ± 0.2   INCONCLUSIVE

interval       95 %: hull of Student's t and its skewness-adjusted form over the restarts, and half
               a unit of the last digit typed
inconclusive   too few restarts: 3, a verdict needs 5
planning       at this spread (0.0719 % from restart to restart) a verdict needs about 5 restarts at
               level 0.05
not compared   device, precision, engine and whatever else the claim depends on
? 3

$ doubt judge -m 27.8,27.8,27.8,27.8,27.8ms --claim "27.8 ms"
  measured   in the claim's unit          interval     claim        reads as    % of claim   verdict
5 restarts                27.800   27.750 … 27.850   27.8 ms   27.75 … 27.85   100.0 ± 0.2   INCONCLUSIVE

interval       95 %: hull of Student's t and its skewness-adjusted form over the restarts, and half
               a unit of the last digit typed
inconclusive   the interval reaches over an edge of the claim
planning       not reachable: the mean, within its digits, lies on an edge of the claim or next to
               it, so no number of restarts (spread 0 %) would settle it
not compared   device, precision, engine and whatever else the claim depends on
? 3

$ doubt judge data/judge/drift.txt --unit ms --claim 36FPS
  measured   in the claim's unit        interval   claim      reads as    % of claim   verdict
8 restarts                 36.43   36.09 … 36.77   36FPS   35.5 … 36.5   101.2 ± 1.0   INCONCLUSIVE

interval       95 %: hull of Student's t and its skewness-adjusted form over the restarts, and half
               a unit of the last digit typed
inconclusive   the values go down from first to last (Mann-Kendall p = 0.00084): an interval would
               not cover what comes next; --unordered if this is not the order of the starts
not compared   device, precision, engine and whatever else the claim depends on
? 3

$ doubt judge data/judge/drift.txt --unit ms --claim 36FPS --unordered --tolerance 2%
  measured   in the claim's unit        interval   claim        reads as    % of claim   verdict
8 restarts                 36.43   36.09 … 36.77   36FPS   34.79 … 37.23   101.2 ± 1.0   HOLDS

interval       95 %: hull of Student's t and its skewness-adjusted form over the restarts, and half
               a unit of the last digit typed
error          a conclusive verdict is wrong with probability at most 0.05
tolerance      2 % on each side of the claim's own digits
not compared   device, precision, engine and whatever else the claim depends on

## Intervals as given, looks, families, readings of the claim.
$ doubt judge -m 30.1ms --interval 29.9..30.3ms --claim 36FPS
measured   in the claim's unit        interval   claim      reads as   % of claim   verdict
 30.1 ms                 33.22   32.95 … 33.50   36FPS   35.5 … 36.5   92.3 ± 0.8   FALLS SHORT

interval       taken as given at 95 %: how it was made is not known here; its ends are converted,
               since the restarts themselves are not known
error          a conclusive verdict is wrong with probability at most 0.05
not compared   device, precision, engine and whatever else the claim depends on
? 1

$ doubt judge -m 30.1ms --interval 29.9..30.3ms --claim "up to 36 FPS" --look 2/3 --level 99
measured   in the claim's unit        interval          claim     reads as   % of claim   verdict
 30.1 ms                 33.22   32.95 … 33.50   up to 36 FPS   below 36.5   92.3 ± 0.8   HOLDS

interval       taken as given at 99 %: how it was made is not known here; its ends are converted,
               since the restarts themselves are not known
claim          "up to 36 FPS": only its upper bound binds, so it cannot fall short
error          a conclusive verdict is wrong with probability at most 0.01
look           2 of 3 planned: each has 0.0167 of the error
not compared   device, precision, engine and whatever else the claim depends on

$ doubt judge -m 30.1ms --interval 29.9..30.3ms --claim 36FPS --family 3
doubt: --interval at 95 % is too narrow for look 1 of 1 in a family of 3: an interval of 98.33 % or more is needed (--level)
? 2

$ doubt judge -m 27.2,27.3,27.1,27.2,27.25ms --claim 36FPS --truncated --look 1/3
  measured   in the claim's unit        interval   claim   reads as    % of claim   verdict
5 restarts                 36.75   36.51 … 37.46   36FPS    36 … 37   102.1 ± 2.0   INCONCLUSIVE

interval       98.33 %: hull of Student's t and its skewness-adjusted form over the restarts, and
               half a unit of the last digit typed
inconclusive   the interval reaches over an edge of the claim
planning       at this spread (0.273 % from restart to restart) a verdict needs about 5 restarts at
               level 0.0167
look           1 of 3 planned: each has 0.0167 of the error
not compared   device, precision, engine and whatever else the claim depends on
? 3

$ doubt judge -m 10,10.1,9.9,10.05,9.95ms --claim "~100 img/s" --significant 1
  measured   in the claim's unit       interval        claim   reads as    % of claim   verdict
5 restarts                 100.0   93.8 … 106.3   ~100 img/s   50 … 150   100.0 ± 6.3   HOLDS

interval       95 %: hull of Student's t and its skewness-adjusted form over the restarts, and half
               a unit of the last digit typed
claim          "~100 img/s": no tolerance was stated with it; read as its digits are written
error          a conclusive verdict is wrong with probability at most 0.05
not compared   device, precision, engine and whatever else the claim depends on

$ doubt judge -m 80.1,80.2,80.0,79.9,80.05ms --batch 8 --claim ">= 99 img/s"
  measured   in the claim's unit         interval         claim    reads as    % of claim   verdict
5 restarts                 99.94   99.70 … 100.17   >= 99 img/s   from 98.5   100.9 ± 0.3   HOLDS

interval       95 %: hull of Student's t and its skewness-adjusted form over the restarts, and half
               a unit of the last digit typed
claim          ">= 99 img/s": only its lower bound binds, so it cannot be exceeded
error          a conclusive verdict is wrong with probability at most 0.05
not compared   device, precision, engine and whatever else the claim depends on

$ doubt judge --pair 27.81,27.79,27.83,27.80,27.82ms=36FPS --pair 30.1,30.2,30.0,30.3,30.15ms=36FPS --pair "20;30ms=36FPS" --pair 27ms=36FPS --family 4
  measured   in the claim's unit          interval   claim      reads as         % of claim   verdict
5 restarts                35.958   35.912 … 36.004   36FPS   35.5 … 36.5         99.9 ± 0.2   HOLDS
5 restarts                 33.17     32.87 … 33.46   36FPS   35.5 … 36.5         92.1 ± 0.9   FALLS SHORT
2 restarts                    42         below 467   36FPS   35.5 … 36.5   116 (below 1298)   INCONCLUSIVE
     27 ms                 37.04                     36FPS   35.5 … 36.5              102.9   outside, no verdict

interval       98.75 %: hull of Student's t and its skewness-adjusted form over the restarts, and
               half a unit of the last digit typed
inconclusive   row 3: too few restarts: 2, a verdict needs 5
planning       row 3: at this spread (28.3 % from restart to restart) a verdict needs about 62
               restarts at level 0.0125
no verdict     one number has no error bar: give its restarts (--measured again for each, or a
               file), or --sd with --n, or --interval
error          a conclusive verdict is wrong with probability at most 0.0125, and any of a family of
               4 with at most 0.05; of these 3, at most 0.0375 are expected to be false
not compared   device, precision, engine and whatever else the claim depends on
? 1

## What is refused.
$ doubt judge
doubt: nothing to judge: give --measured VALUE, a file of values, or --pair VALUE=FIGURE
? 2

$ doubt judge --measured fast --claim 36FPS
doubt: --measured: "fast" is no number such as 27.8 or 27.8ms
? 2

$ doubt judge -m 27.8ms
doubt: what was claimed? Give --claim FIGURE, such as --claim 36FPS
? 2

$ doubt judge -m 27.8 --claim 36FPS
doubt: --measured: "27.8" has no unit; write it behind the number, or --unit ms
? 2

$ doubt judge -m 27,8ms --claim 36FPS
doubt: --measured: "27,8ms" has a comma between two numbers or in one; write 27.8 (or --decimal-comma), or 27;28 for a list
? 2

$ doubt judge -m 100,101ms --claim 36FPS
doubt: --measured: "100,101ms" is one number or a list; write 100101, or 100;101
? 2

$ doubt judge -m 27.8ms --claim 36
doubt: figure "36" has no unit; accepted are ns, us, ms, s, FPS, img/s, images/s, samples/s, inf/s, ips, QPS
? 2

$ doubt judge --pair 27.8ms --pair 3
doubt: --pair 27.8ms: a measured value and a claim are needed, such as 27.8128ms=36FPS
? 2

$ doubt judge -m 27.8,27.9ms --sd 1ms --n 3 --claim 36FPS
doubt: --sd belongs to one measured value; 2 values are restarts and have their own spread
? 2

$ doubt judge -m 27.8ms --sd 0.1FPS --n 3 --claim 36FPS
doubt: --sd: "0.1FPS" and the measured value are a time and a rate; give both in one unit
? 2

$ doubt judge -m 27.8ms --n 3 --claim 36FPS
doubt: --n belongs to --sd: give both
? 2

$ doubt judge -m 27.8ms --interval 28..29 --claim 36FPS
measured   in the claim's unit      interval   claim      reads as   % of claim   verdict
 27.8 ms                  36.0   33.9 … 36.4   36FPS   35.5 … 36.5   99.9 ± 5.8   INCONCLUSIVE

interval       taken as given at 95 %: how it was made is not known here; its ends are converted,
               since the restarts themselves are not known
inconclusive   the interval reaches over an edge of the claim
not compared   device, precision, engine and whatever else the claim depends on
? 3

$ doubt judge -m 27.8ms --interval 28 --claim 36FPS
doubt: --interval 28: two ends are needed, such as 27.75..27.88ms
? 2

$ doubt judge -m 27.8ms --claim 36FPS --look 4/3
doubt: --look 4/3: accepted is look I of K, such as 2/3, with at most 5 looks
? 2

$ doubt judge -m 27.8ms --claim 36FPS --tolerance 100%
doubt: --tolerance "100%" is not a percentage from 0 to 99.9999: write 2% or 2, which are the same
? 2

$ doubt judge data/judge/restarts.txt --claim 36FPS
doubt: data/judge/restarts.txt: line 2: "27.81" has no unit; write it behind the number, or --unit ms
? 2

$ doubt judge data/judge/nan.txt --unit ms --claim 36FPS
doubt: data/judge/nan.txt: line 2: "nan" is no number
? 2

$ doubt judge data/judge/exponent.txt --unit ms --claim 36FPS | head -n 2
  measured   in the claim's unit        interval   claim      reads as   % of claim   verdict
2 restarts                 35.96   35.82 … 36.11   36FPS   35.5 … 36.5   99.9 ± 0.5   INCONCLUSIVE

## A table's index is no value.
$ printf 'restart,mean_ms\n1,27.8\n' >rows.csv; doubt judge rows.csv --unit ms --claim 36FPS
doubt: rows.csv: line 1: "restart,mean_ms" is no number; --column N reads one field of each line, --decimal-comma reads 27,8 as 27.8
? 2

$ printf '1 27.8\n2 27.9\n' >rows.txt; doubt judge rows.txt --unit ms --claim 36FPS
doubt: rows.txt: every line begins with its own number, which would count as a value: --column N reads one field of each line
? 2

$ doubt judge data/judge/negative.txt --unit ms --claim 36FPS
doubt: data/judge/negative.txt: line 1: "-3" is negative; times and rates are more than 0
? 2

$ doubt judge data/judge/empty.txt --unit ms --claim 36FPS
doubt: data/judge/empty.txt: holds no value
? 2

$ doubt judge data/judge/restarts.csv --unit ms --claim 36FPS --column 4
doubt: data/judge/restarts.csv: line 1: "start,mean,p99" has no column 4
? 2

$ doubt judge data/judge/missing.txt --unit ms --claim 36FPS
doubt: cannot open data/judge/missing.txt: No such file or directory
? 2

$ doubt judge -m "up to 27ms" --claim 36FPS
doubt: --measured: "up to 27ms" is a claim, no measured value: that is one number
? 2

$ doubt judge -m 27.8us --claim 36FPS | grep '^units'
units          a measured value and its claim are more than 100 times apart: are both units right?

$ doubt judge -m 27.8ms --claim 36FPS | grep -c '^units'
0
? 1

$ doubt judge -m 27.8ms --interval 27.9..27.7ms --claim 36FPS
doubt: --interval 27.9..27.7ms: the lower end stands first
? 2

## A figure is one number; the sentence has no blank that was not typed.
$ doubt judge -m 27.8ms --claim '30-36 FPS'
doubt: figure "30-36 FPS" is a range, and a figure is one number: write the end that is claimed, such as "at least 30 FPS" or "up to 36 FPS"
? 2

$ doubt judge -m 0ms --claim '36 FPS'
doubt: --measured: figure "0ms": a figure must be more than 0
? 2

$ doubt judge -m 27.8ms --claim '36 FPS' --tolerance 2 --json | grep '"tolerance"'
  "tolerance": 0.02,
