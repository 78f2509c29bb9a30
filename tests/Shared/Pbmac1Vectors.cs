using System.Formats.Asn1;

namespace MtlsFunctions.Shared;

/// <summary>The p12 files of RFC 9579, appendix A, in two parts: A.1, A.4, A.5 and A.6 differ in their MAC only.</summary>
public static class Pbmac1Vectors
{
    public const string Password = "1234";

    /// <summary>Their certificate was valid for a month.</summary>
    public static readonly DateTimeOffset Valid = new(2023, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private const string ContentsA1 = """
        MIIKBQYJKoZIhvcNAQcBoIIJ9gSCCfIwggnuMIIEYgYJKoZIhvcNAQcGoIIEUzCCBE8CAQAwggRIBgkqhkiG9w0BBwEwVwYJKoZIhvcNAQUNMEowKQYJKoZIhvcNAQUM
        MBwECD2nFfFjbKxzAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQrvJhoVAOLWljBbOb0X9+z4CCA+AUhPZdqnJoWAOml28uR29oXcdfD7OPMpvvEULvoO1U
        +FVNZUcP6Qiyz6OyP5fK8zBjRoK4CEAb8OKD6/NaiaeyoHmyzDn+RNv5MxDk9cuQ16gGYHoCsp4Zz9CYIFC9Ab9rpv6ddJabE2k/7vXvvZ2ZaYHyBxInSQUWPvk2shuY
        2IMwJvvVDyA7MEwV/oGld//fFYAm3HKJz61I0RN84lrzNNlvT6VXTD3l5SYOs9Sm7ERVtvQom0hzreBGRx+s+0N3oiLhnNvOPYS+vj9LiGetAGyKvJXMlbIgSNoPTLr4
        OYbQnAyBG4aLXAGgajCLfsYysMI7I5lYLifnAcu1jKFHoloSXFuuHE8fjrPZRIsqZmgX5iARCBhxIFcyA/S3fr5dChwVZiLY3meLLTZOdy3AXjfQVixCWElK6ZrgjfcT
        zTx0m4y/xP+ygXroewPhmPjqE5/idaZqzshqhIBsYpeAhrsqEZEm+KPEzdY5fRqo2L/xuGfFIDt8KYjL/uinLHlRgkVYYFKYc/WkEcFWbHsB3xICwH0xKyGdsaMaJSTi
        HRBw6Lb38z1bAWWji6t4/Ijw8raq1UCakPetMuWyaDOC5nr0vRD8IVR9u2qwwXRuAS6Hxx+K93UNgUAES3WDKm7AJS0KpDsBcradCo6OxALFXP2L0rw0N4Npq73xUCXR
        OjayTf9VH9BSrQ9HBTWM83kHNR6+ETtI7L8ia4krCkaqoWWNh2tCaPmMN74uZgf1AZVGV83zO5T7jwVjwICh4F4efkAA+aXQ9g9VSe3f+NA3X6/4JqE1Uj4tryrU16f6
        PVHjhprYjfL+lSC3NdHAr60+vFNBsbTfQRTnUtgmfxqY9aaffDvlkgAwmtdZ4qPjh17u7jN1SwQFULa4zjisgczwwWPJgDBix7LStynR6axrHNqv7tkDruuUOhe+9Lc2
        qydNcdyfdP22Q9Gh57ovsOHfHg533qVxHCB1hPkHDIft7fiV3hVNSYlsMSrsiO+fgkqvBAmHVEIL5n85t+QLjbECbsbTXS7eDTzEHRC6Ol2DhrtVy5avLAVzuEs2q65o
        XiqgNpXBhccfeK5fpiUn/eyJMptgJVc8Rk4AwE/2UX85TvpQwkFA19TTGMPH7cCFRWCca4KyZiUroRMOnyo5kobJXQqs1Ia2ovHe4yF3s8RN5b4wve0ND/Rf18yRxkeL
        gLZ9eegdX+prZ0aEGPiONDReHWmhTqbEafYx5t7aEOwFmSQGmefukrjA/9Wpd1BPCoS6/MYctUWwK4AN7jRkUGa0Gt/vTAbtmQ7xJRnxnPUhff5LTbiDvKNBF6//rHpO
        2TCCBYQGCSqGSIb3DQEHAaCCBXUEggVxMIIFbTCCBWkGCyqGSIb3DQEMCgECoIIFMTCCBS0wVwYJKoZIhvcNAQUNMEowKQYJKoZIhvcNAQUMMBwECFPHPD5Wm2tgAgII
        ADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQr2dKpzUja3i0xUZtYel21ASCBNDMLAjuPfiAJO9+Pqe45Kd0CNKEa/uY3aPtYxXSmyVOmrZv0Gfe+fVjQky8vgTu
        wutTM1TTal05x8KcSkwVxw2/axCsunWY4IrG7w6NKodkugpUvRE5Wxnx0wQIsuKAOU8pGJLIsSuXXi0Stfj/NuRRpYxE47byQVtNu5tDxigeVFTCwpbXEuC9+LSBGQb/
        MddF9AeNf/w1K2/uFeV6Gfv8bLYQo+xEWFp2b+JQcB+YIyQyAdNTbjwkRH36exeW13n0f4h4OmP+RvFn5i8ejD1dRkq7zbx3cxCdSktnUF8kaEwE9XBtVQMDjQKJAFV0
        Kga08nJqUvbzGhLcfQgsUKfBA6vq7QfCV40k8YervwdTIfofDGeHRvTmjXrevrBMVmflww7Gluz9O137dOvGatil3Zee5GZ7dydpgnQgu+lz/x4stHtIqMNPgmFnSH8J
        9xXZZa+GlC6CRjSlatn4Qgyd4HV1kH3qYlUvE6LXjw55KCLQ+zFkw2JgzfetOnBBPlao6wTIPBRCmd7lvwqS3+zsQ3Qsk2c/IklEvUtyo52vqP7pipG09rtr2hYmoxy5
        M/5urMZEmH7ccOUUHDZjOn2Jp2/gqYHYzOFK0tSiLYxKO+eeSR3kt52yyEB3pZsp8XuQsAdAdPgCLp0wQ7gQqQRUX0kG3EJHgkSfoL3wumD4uT6t9juAc59nG2AZRHCB
        dFjdotSt1PnlkqCTcTFUo/OLkSF2kBq7skqGk7DIqjMCn84pYw2vPqGhu7YxufUH4gDrSmxgcfHKcGCwke/tZCZtiHwfIZ8eBW9oDylkJirHGOkuNImtHwEG70f3GROH
        sqWHGCt5di/X24BhtR33mRyjH2LNp3pU+ei+AVJv46Z3Lo8kAI+PqEVbo8lu5w/Rg+k7RW1a1B1lnd1/U/SFnuq8rA48UD6AplJySCoBJ/KCI/1XdlzyMiLCM3OgMzZB
        P5RQkqKIZhclQQ472HHMUeUaPvn0Nw1GGmCXkCBHnuh8hIP3IG4IAlg9D9pkc8W5FOtxUbdFohsIBLvecTOcrIVos5d/PJ/JpKbKGwfbne2fIvUx6ML7ZtESSj/KV2AV
        TG9Tkkj5DconoDCP4+d24dfHvUThTBK67bFdgynGdDAjquuhClkFfzYeGqBwtXzc/yWnNDA90eMfnOSjGZZ0LT6NT+1xB81dikl3Khpfu0OZVyUuHCX2mz87zjWkiw0s
        lZfC/EboH7cs3+TDhCPA3X3g+imI4Pv6gObmaG207vwKsGtHEcwP/RCqeJmMrNJl6nGVmr4nv3a7y+0ye7PMKHG7QF/c+Ehdwk1xWHBS2vTIp783428LS2anzDKKT8GW
        d3E314pt1M6LbAiLriHZAbyc6TrrBD89IgljBmXp4M0RBLMf/WYYJ9RCdRPXtQL+n5CB6d/oC5qnYZaW+wmsHu7+nK3Prmu2O3+i6joiHoTBarBVWkZdkPTuBVYfQp79
        Wvpo8Y2+QtyZ+0+4Nmyf2OKKDeC6F17JFV/XQ7Hfr2QpZwbvmrvuHEQjNLMPJSUE1ueib1IiO63ev6pViZY41q0Lqr/gPQjjYueN3d0TJnHuOYfeD9LYBIwXNav2m9dz
        rV2xg6R1ng9hr1c9RnFcVqBmyhLcXWxTv334glVTS0LQwTElMCMGCSqGSIb3DQEJFTEWBBTBY7kOiu9VZgXcFZSYDDStQRqNJw==
        """;

    private const string ContentsA2 = """
        MIIKBQYJKoZIhvcNAQcBoIIJ9gSCCfIwggnuMIIEYgYJKoZIhvcNAQcGoIIEUzCCBE8CAQAwggRIBgkqhkiG9w0BBwEwVwYJKoZIhvcNAQUNMEowKQYJKoZIhvcNAQUM
        MBwECLiPpQEFjaI6AgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQWkdJLnOuT/2mQOjUlFu0ToCCA+C1swsagV3koulVcx1zEutPXb0vv+8KvQHQja2eE88D
        toW1GOO4ZvCigIxDDHD2rO4JfV4fjErYtTDoZt3YfjtaKZI5YkxqJRvDLhqUhYQti597viRc+Yo8LIf3aU3WGq7yzQQaEiXucGFZsXOjDX6qkhz3+Wm6MmjCh1Jj6k0E
        PygF6hTWboOA6OBzrZqkvubSfBq8NSoS3scCq1MHErG7/eWlvWryduVctOpE5rHl95cSt/4ZACqzbiFQkg+Dc7V4IwNXMfSHmmBnJE31lIg/QcLWL53WWdsnAfKsCFm/
        wYx0BUppccRNurzNOnFPdQT8uYfWDJkY4bYHbUPZ280MprvXawc5L+3deQWeAcMvH5r2lV+23qns2HqOojnzW1vt/JzscFX1VRz/7EaA+Admi5pnD4jc9TN+MdujItB6
        vbad0HP6XX9LYaGFnjEteDiXSjOSCfsNf3ZL9SVuZxlqbVqmMbCQZj/uS0DwFqs1bbXWYkX5n6FyL4F4OIzt7ISC4sJhF0f79QGJS5iMbWGLkqLf7jalFkMVmRMcY6tw
        bqoTYokOwQ2P5GQaLKUb3y/t+WbiJYVUAHvwCUCiBPfwGh3jR69Hs6Rzjyw4hbTl4If8YtI7Qwcpy21hRA0yogOIbVMvM/VzMWCGEb3sDGJPNiQovHZxh+ymCDk8T12u
        rV83MFkxSYLZtLBGEZFvk8O7qZ4Py6q+PGgghlAARXnfGYPre6aVQfWOFVd9xZKaFT/69X8hZK1mBBvCEXsOYfarpLyK0KTPsnsHKnnFwOJQ5nkal/1EmeQNNmg5gzmI
        DyS17ooLAD6OeYKCy0jkRtFuew1yM28BPer9fvvpV2ad6FbRV4v7qTjP4a9CSv4PazE+mV0hvmGtv7Wtyn2c5CC2kGdtdpPXotzUd1M17mTHhJy6Nc5bB90jLptHofRA
        WrZIsoAALSrDgTyHWPdY/GWX17QVc22hEp2xG5fePPKoMGtDqgaySQvCfIy1WNJf7dz3FsVzi/Ik8Uw/Bvc2DezKNQOs6lTlHFowQBa3iOixp1YoR7IgLYXCtLV3MWf/
        nC/WDsTvFar6curjN2mmzJg6WPM1RuE4S0naWGZ7c0njl/GfFeas+S6AF1rWUt/b2KdW7O5OPC0uNDAaT66wcmb1H8rSFNpI1GB6leeNjRwiBL7SARjX8FaTf5jgYTYl
        d2zZxBOh7msJJgfdAbRBPJQAa/BfqECWGtFGBQbe/G1hKLFDdRS7DOx5BbZJQUuXXrXWUntxDAVI/KvSwvSnzW93FaKKDCOR8+2CWNnZCmbNHmtfbGKoi0cPLgT6JWKA
        hjCCBYQGCSqGSIb3DQEHAaCCBXUEggVxMIIFbTCCBWkGCyqGSIb3DQEMCgECoIIFMTCCBS0wVwYJKoZIhvcNAQUNMEowKQYJKoZIhvcNAQUMMBwECEOLCyHjC3doAgII
        ADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQs0WcSklPrnCxfB19nWDnpwSCBNBGjThs/99Z889mtMRzOrWo7UcdXzqPvpKDFq7ZZD05AAb33wcW02o3E7xHrp6f
        pAWGqlYIjve1IkP6gDb2o6xP5e3ZtHbPn4rsPhCiJe4treBe/rZWSMHQMsIcBLsy76GSnk4oKlcJLt+jQ6cCJCMzgSW4CyLDAuse7vPUTXpTCmaWApCdoLVLjh9X3OdL
        1PGh9FOe4KrWW6l2fapCNLJ05TqKdB4osF+UpGIuskc6htoWaNbCnVQ5AAy5msAuEfIhs4Vcw9iTeaZT/VQ+5EZxtxXm/ZS3ZQwT5ZgTFdII5hHf9HhR9WQh8TN5E8Wz
        ayUkwgNLZ+YzIWQQQSUFySEo70jOFBXeSh4pQF0zTrq5/JrH+4jJc+YyIH18CptBDiORBNPzRsqQEA/UG/KDYvwGyyy1HmIKhmBad8D1TPhEjkZtGpsLPseJKS44ijAS
        o6jHchZte3LlV1YFc2NkEelsTQLIwtIf/hB0ZXDxHQOIIALSaZoxpmrfbKsFHfYTjvY37YpqJy9ffUzAH8uRk3jpzfhMZqcvkslnHQNHohON02A/xOVJKunvLaaqLtVs
        qn8L/bwKPmv6b74aToQ5SksexnZ3aG2GuvvGqg/NQASSTJhZ50clqhBOSgiKxlvQwaVdv22GNDwR7jb16R+O/sJB9INLopMT/6aG4nfeY/PVlwhpweN0eETqtusqGNKs
        tuCasZryLt7N3z1PgQ427TCQb0pbTAzZyfkZvXY8XqvGNN/PKkbtrnTJzUgnZaubQHuAa5ilWgJ4iiGvsiXE9h15AZE79KXNN3TFholWb0XMlow0rRmqdmhAwQ9p6rw8
        LeQyOlrx4CIdeT0rcNZ05Zi+IZUI9VghkroKnB74TB9ez7aFmBmVjNy+lRaDrSZ3U8PhSzItBqBqPfu5tHorgLibOWEXHk2i9X8L8oP4uB6QxuMK3ARB5bJqB6/aX0pQ
        TPvf8FPhOBAUzkrapmlVqbCaw6aV0+l6QY+JQK7ljFiD/LiNQq8CqPVL23jBQBJwInHw69dR+CmZLb6aEU8GIWmzQzg7edYb3VDqYoyps0c9RwUOf0/txSGzXG7c1EvI
        n5Ah9V9trdgFNXwDpYFgSYv2XF/W4vVZLYHHr4KuHSR7I1Q+j1xGOnHWiP/GQiehzYdA4MSS+4r0MPtWsuvuwOF+Ym+vWZR8kxDn9MeTtn4T40C4x0y2QzbIpfGCFkBs
        GtCRTeYhbXnSLs+yOVTDSjT8sm9DAkiyHrJ4kMdjyZvL2Yh14/ctAAVyVgrM3CaDBt22ZUBeZDEu6GYSld+y0jOQGs0nMKHNvaic1J9r6vkvpcQc0eXvALBO65X8laV0
        25hct9V+6/eax9KNJaS/ppG1FYi+Y6/RBtrajTkuXAUx3U/Mozm43gMNi2xL0DrJA5cSy9SRZws4mcKzxKQlF1eElPF2bN4GozUm20rAtuAYxumNvGWDeew35n6wQWjH
        7ZlY6CWCcEePSYJk6IALzCpS76zGwtPhad1o9YpWqhFAKG8Nplo05o2odyIX0c9Rx9mjD58fxOdIed6JBwN7pdwyFJpDYy2ljz+OuA0qC5m3bbIf2DD9WlPf9A4HsUGA
        oUgRu9Rp/edWMUiWvIiF6D4t6IF3aKygw01doHByDZhe6TElMCMGCSqGSIb3DQEJFTEWBBTBY7kOiu9VZgXcFZSYDDStQRqNJw==
        """;

    private const string ContentsA3 = """
        MIIKBQYJKoZIhvcNAQcBoIIJ9gSCCfIwggnuMIIEYgYJKoZIhvcNAQcGoIIEUzCCBE8CAQAwggRIBgkqhkiG9w0BBwEwVwYJKoZIhvcNAQUNMEowKQYJKoZIhvcNAQUM
        MBwECKyuovyhtIFpAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQKNdhhxrSnCyCfUiZv1aoUYCCA+BPtFwXljMQkA1lT0be1J2kIefJZq1OWGaIIRwEaDAj
        mDPT4ahf4kKiOBhjiD4rF6rOfIK77oZ4PTRPgSbtJaZ72fMB8EXOeDTeVgJKdqFIQp+Ad6tvMC2r2SBeRyU9WTQuLL3b9u5/Qyqi2OOz/mjvwCo/zo/BuPzFg25c5TWK
        87QmJbZzYd58pi9S8xiU6H30sKhk8sc+RppnixwDAOMV5MgJTyijBWQsq+yWuDWkdt+ZccwUnjKq5vfuFG2PYKgk3Lj5QDaEFiUGL1ae4AkiyO/SpLeSkt7j4nYMZ7fU
        Y0bykPTVcPSXr06VqKUrXKSHhqna7Qp4PbPfnv62sIVulYwxdBxJQI45xWPFiqC/+XX772G44eg9K3bbjHjBl8ntw7bNsADH8rYI+F2+LgIFoMcAOxGr9zxICL4tflIK
        hwZPnXMvkpAPqmevYTFpW6b5Txrecw88y/1HYx8VSSxg0aAW9L6Vxl9HeqT8b2Je1KCtrLSbBEDylbOheXje9z0cm64JT6vI5z+Hfo0KGFD2W2K9Q1qJRzZv0ABBKtkP
        xnsq3GNsfeehL6CMO2KYMHRSHX33NoLBD3nLjrfN1iw0IRKbU5P3v2hj7zUFYUwUz8eiDmztieGiLYT35mXIsrZR4rC9aMbO9x0+/EdH7mX+Ho/JZE6WlpnObNkGb40q
        Zte0wPYARrn5DfZmolCGKNdnIiOLc1LrnLzWP9rVmu9TSU5UoD4xI80pTbv94pm4XUsQvqpprNNSanOcst1pVDLlpnWrPl3ILOIpy4chyWGH5EJuUdTpd0TqlRNlJFBC
        IZQiQ9ROdT1IWVlztXC/GB7KcvJc8JLM4o1ZgZqPLUvEO+/by6EyA11YXnVs2SXVBiXR826cY7tgW3jCT6DsJD9i7bDg/tLdkszDSDh5hyVy/Igy3i/Fd+lVMog/LMyo
        uv7R2nV4I+bx8h1oFlSExQL85WovCCc81j1xcKufZHVwYqjku2+2NsfayTP8PkMg4St9lIEnwsTcN7iPwwCM54LyJrwtozg819b+ehA/UsGxm1MNOoTLTU1nm6WIihzJ
        DOXJYKESsm/9bGH7MGluTWJdzY7CaHYYqPHRVJ7tduKp2gqQ41Q1QgSyKx4BKJT+hd0lhScFhURQMnUc/PuqcqIWFKDE0lmeg9/NtvHWETNX7DFCo2dYipBTSzsm3bbA
        MHM8EcZqja2cZEu4FlZV48kZuzFOEYrCt/e9iw0lPGZ7komJrFw8zASv6WfYCpU7PNcdeAjG/928rRBrukfcC8bNwWNAKFNGKmCqJGsuivT//znzSH4vLaUgWjtsK7O2
        ZzCCBYQGCSqGSIb3DQEHAaCCBXUEggVxMIIFbTCCBWkGCyqGSIb3DQEMCgECoIIFMTCCBS0wVwYJKoZIhvcNAQUNMEowKQYJKoZIhvcNAQUMMBwECLVztLkgQbvvAgII
        ADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQ3qvNG0h1jGo6dj5oNLcAVgSCBNA13BShkNcKvI4UFQj/PvW9+jIDGWfAktEc1dBSUjvDQqQfbZo2dKbGJpcegI/U
        eByaxg5FLun8hOL/1q0IeqcZHjMeZ482Ggyk0cV6F2OVRRaC3TTi9QnlnBN1fB4z4rhZ7oJ9YD+3K+zIY0Cy66d6X7zbjdmy/SYYsqmMD5nIAu3nWzSSeZc4PYNbj0Vy
        QiZRWc0Lkua8QgCZUL9k3JyvJlAj7YQGQkp74ELfzfgZ7EmdLC1QGDdeDfdlXtfrqTDy0rVaznM0PkZAAnIi7juaeNmQhZAFj5dtajCsFny5chC7ExkLSny7raggC1lp
        VChVNHUvJH/s8hIVboCnC1tOfq5DGxvXqoXyUQzRLX7HQB8ljpmbXW3IKptva1hkX5ffgyhSRH8hgL8oKr8ol2md3xiqB+vCODx1HZYYjFunYYEeroEr8Mh6E4sxwtyw
        64/QMReml9x6Uw4Y0iz7iHgqyNaIdUMw+yot2jMF2boUsZyejeVjkU75q9WuUSUA4H716+BoFsPaVKsQyg6MCgPT3S2BdfBgESdacil2T7npx/kimyGssED/4fXcsEt6
        z5fWjl13Qy77dpunlG0C/vMs9FG1eQNgk/OA1xO8nZbHDYL7OsByXNnshF1wsRJRrgKw3TVoS9CA62QI1WNIK2QkY/QWy2xYziE/uV9IHs/a0Mv66DLoa8FfWzP18wLt
        AwAUv3ycOb/Kpyd6MbUFxBdmGjyfSy9J9txUHIaU9kYy4j23bn7QHYxMDHR/rOgPz58WaFxWBLoxA/JsYoVrByRiXTO6Wx4+qz4bi+ghbXujAYqxGK/TomZlLB3cqgaa
        Mzj0APO4b3KtDk9JrSeFWTW3Js1ql7gc1gesCaY3QguU34TQGz8R3Pie1hm6hz9nfm0KCbv11Xj9WXodRnUmsuwusRYIHJXK3BUXJ/f8zBNZ1/4Bz5fMG4LIQyo+W+c9
        azB2dqJ3fmnGKizv18+XUevT9Dr4OgDkbJirxIV0/sRgusYwZrkYn7HmdLvPpThSZnaxe4pgee6EHTOLpjThr5+FPvXHTZ5N4Lto+UQHfX1SrKy6MlUmeyhuRzA678mP
        Qiz1h4V3r3d0HjjF5m5jK+XCgPX2WpyKbRNJrZPDsPVb/K7jt0qtU/ZUrFGqia4BA6mhmK5J+rX/vKytXxTiEiUhTa+etJUnwS09AqygFbmXvR1AbBfLEGQFRMep8ngs
        b+Q8ZEw61TOCoXDYOMm1vKbWrUxmCnbJwyifi+nsN5AsazZd8QA0H5idHC2Ol6+oCci4rordjTYtjgVdM1CkLftdvThuZ0hABwTQxqg/j+FjztpLzY9DryDdsjv24qjj
        B7aD5ZoQmUTNDvXjtnNXbBsOrz1br3HUxZN9oPCUS13hRppxhyEC/sFNVppUWJEBTLBZocZ4+lkbZZXV94f/N3616bFZH2owWAFnJKDWOKkE9VyLCXQuqVaz+togFiYu
        YBowyAzfvn1SQ1XOcOgUetjjPYQANenREcdXMlLXH7Ji+n/0j4Bxbnmg3RQ//e5Dp7LP+LHbayi9DCEwnyuaBHoJ/JE8qZe7VE8rem42/uZsVN9Nelg3a9e+ERlF5djy
        EkX/2jgbdSsnUXQyBQcwIbzpzDXPRuE9JpdWi586fH99GjElMCMGCSqGSIb3DQEJFTEWBBTBY7kOiu9VZgXcFZSYDDStQRqNJw==
        """;

    private const string MacA1 = """
        MHwwbTBJBgkqhkiG9w0BBQ4wPDAsBgkqhkiG9w0BBQwwHwQIb0c8OLAuMXMCAggAAgEgMAwGCCqGSIb3DQIJBQAwDAYIKoZIhvcNAgkFAAQgeqVthTnXAjY/O80uuDVF
        xt+iuWlw5xR3LSJOQX+JBt0ECE5PVCBVU0VEAgEB
        """;

    private const string MacA2 = """
        MHwwbTBJBgkqhkiG9w0BBQ4wPDAsBgkqhkiG9w0BBQwwHwQIFK9sj/vwwa4CAggAAgEgMAwGCCqGSIb3DQILBQAwDAYIKoZIhvcNAgkFAAQgOcxS/d48PCLRpXGxyoap
        DcG4KaepWsrjrsUo7uP1XekECE5PVCBVU0VEAgEB
        """;

    private const string MacA3 = """
        MIGdMIGNMEkGCSqGSIb3DQEFDjA8MCwGCSqGSIb3DQEFDDAfBAhQ2lzlGjnFDwICCAACAUAwDAYIKoZIhvcNAgsFADAMBggqhkiG9w0CCwUABEByADPAvTgLB1Ao/Qpj
        iYqKn+2MA+Dv291Imd1qqBejpkCEQ3OvEnZGSetNuJeJ1pZ4UxO2uJW9k67uJNzTk2taBAhOT1QgVVNFRAIBAQ==
        """;

    private const string MacA4 = """
        MH0wbTBJBgkqhkiG9w0BBQ4wPDAsBgkqhkiG9w0BBQwwHwQIb0c8OLAuMXMCAggBAgEgMAwGCCqGSIb3DQIJBQAwDAYIKoZIhvcNAgkFAAQgeqVthTnXAjY/O80uuDVF
        xt+iuWlw5xR3LSJOQX+JBt0ECE5PVCBVU0VEAgIIAA==
        """;

    private const string MacA5 = """
        MHwwbTBJBgkqhkiG9w0BBQ4wPDAsBgkqhkiG9w0BBQwwHwQITk9UIFVTRUQCAggAAgEgMAwGCCqGSIb3DQIJBQAwDAYIKoZIhvcNAgkFAAQgeqVthTnXAjY/O80uuDVF
        xt+iuWlw5xR3LSJOQX+JBt0ECG9HPDiwLjFzAgEB
        """;

    private const string MacA6 = """
        MHowajBGBgkqhkiG9w0BBQ4wOTApBgkqhkiG9w0BBQwwHAQIb0c8OLAuMXMCAggAMAwGCCqGSIb3DQIJBQAwDAYIKoZIhvcNAgkFAAQgeqVthTnXAjY/O80uuDVFxt+i
        uWlw5xR3LSJOQX+JBt0ECG9HPDiwLjFzAgIIAA==
        """;

    /// <param name="number">Of the appendix, 1 to 6.</param>
    /// <param name="change">Of the MAC's bytes.</param>
    public static byte[] Get(int number, Func<byte[], byte[]>? change = null)
    {
        var contents = Convert.FromBase64String(number switch { 2 => ContentsA2, 3 => ContentsA3, _ => ContentsA1 });
        var mac = Convert.FromBase64String(number switch { 1 => MacA1, 2 => MacA2, 3 => MacA3, 4 => MacA4, 5 => MacA5, 6 => MacA6, _ => "" });
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(3);
            writer.WriteEncodedValue(contents);
            writer.WriteEncodedValue(change?.Invoke(mac) ?? mac);
        }

        return writer.Encode();
    }
}
